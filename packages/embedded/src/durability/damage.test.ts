import { describe, expect, it } from 'vitest'
import { DataFolderError } from './data-folder-error.ts'
import { LOG_HEAD_BYTES } from './frame.ts'
import { describeDropped } from './dropped.ts'
import { FOLDER, reopen } from './testing/data.ts'
import type { MemoryFiles } from './testing/memory-files.ts'
import { ids, killedWith, store } from './testing/shop.ts'

const LOG = `${FOLDER}/log-0`

/** What a start says. */
async function refusalOf(files: MemoryFiles, recover = false): Promise<DataFolderError> {
  const failure = await reopen(files, { recover }).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof DataFolderError)) throw new Error('the folder was taken', { cause: failure })
  return failure
}

const flip = (files: MemoryFiles, path: string, at: number): void => {
  const bytes = files.bytesOf(path)
  bytes[at < 0 ? bytes.length + at : at]! ^= 1
}

/** All files with their content, without the lock that comes and goes. */
const content = (files: MemoryFiles): readonly (readonly [string, string])[] =>
  (files.list(FOLDER) ?? [])
    .filter((name) => name !== 'lock')
    .map((name) => [name, files.bytesOf(`${FOLDER}/${name}`).toString('hex')])

describe('a torn last record', () => {
  it('is dropped wherever it ends, and the start says what and since when', async () => {
    const whole = await killedWith(3)
    const before = (await killedWith(2)).bytesOf(LOG).length
    const { length } = whole.bytesOf(LOG)
    for (let size = before + 1; size < length; size++) {
      const files = await killedWith(3)
      files.put(LOG, files.bytesOf(LOG).subarray(0, size))
      const { catalog, folder } = await reopen(files)
      expect(ids(catalog)).toEqual([1, 2])
      expect(describeDropped(folder.dropped!)).toBe(
        `The last write was not finished: ${size - before} ${size - before === 1 ? 'byte' : 'bytes'} at byte ${before} of log-0 were dropped; the last record before it is of 1970-01-01T00:00:00.000Z.`,
      )
      expect(files.bytesOf(LOG).length).toBe(before)
    }
  })

  it('leaves a log that goes on with whole records', async () => {
    const files = await killedWith(2)
    files.put(LOG, files.bytesOf(LOG).subarray(0, -1))
    const opened = await reopen(files)
    store(opened, 7)
    const { catalog, folder } = await reopen(files)
    expect([ids(catalog), folder.dropped]).toEqual([[1, 7], undefined])
  })

  it('may be the first one, or the head of the log itself', async () => {
    for (const size of [LOG_HEAD_BYTES - 1, LOG_HEAD_BYTES + 1, 0]) {
      const files = await killedWith(1)
      files.put(LOG, files.bytesOf(LOG).subarray(0, size))
      const opened = await reopen(files)
      expect(ids(opened.catalog)).toEqual([])
      store(opened, 5)
      expect(ids((await reopen(files)).catalog)).toEqual([5])
    }
  })

  it('may be of zeros, as a loss of power leaves them', async () => {
    const files = await killedWith(2)
    files.put(LOG, Buffer.concat([files.bytesOf(LOG), Buffer.alloc(5_000)]))
    const { catalog, folder } = await reopen(files)
    expect([ids(catalog), folder.dropped?.bytes]).toEqual([[1, 2], 5_000])
  })
})

describe('a flipped bit', () => {
  it('in the middle of a log is refused with file and byte, and nothing is touched', async () => {
    const at = (await killedWith(2)).bytesOf(LOG).length
    const files = await killedWith(5)
    flip(files, LOG, at + 30)
    const before = content(files)
    const { code, message } = await refusalOf(files)
    expect(code).toBe('EMBEDDED_DATA_DAMAGED')
    expect(message).toBe(
      `The data folder data is damaged: log-0 holds no whole record at byte ${at}, and 2 whole records follow. Start with --recover to go back to 1970-01-01T00:00:00.000Z; the rest is then set aside.`,
    )
    expect(content(files)).toEqual(before)
  })

  it('in the middle of a log is left behind with --recover, and everything after it is kept in a file', async () => {
    const at = (await killedWith(2)).bytesOf(LOG).length
    const files = await killedWith(5)
    flip(files, LOG, at + 30)
    const damaged = Buffer.from(files.bytesOf(LOG))
    const opened = await reopen(files, { recover: true })
    expect(ids(opened.catalog)).toEqual([1, 2])
    expect(describeDropped(opened.folder.dropped!)).toBe(
      `${damaged.length - at} bytes with 2 whole records from byte ${at} of log-0 on were left out; the last record before it is of 1970-01-01T00:00:00.000Z. They are kept in log-0.damaged.`,
    )
    expect(files.bytesOf(`${LOG}.damaged`)).toEqual(damaged)
    store(opened, 9)
    expect(ids((await reopen(files)).catalog)).toEqual([1, 2, 9])
  })

  it('at any byte of a log is found: no start ever shows other data than were written', async () => {
    const { length } = (await killedWith(3)).bytesOf(LOG)
    for (let at = 0; at < length; at++) {
      const files = await killedWith(3)
      flip(files, LOG, at)
      const opened = await reopen(files).catch((error: unknown) => error)
      if (opened instanceof DataFolderError) expect(opened.code).toBe('EMBEDDED_DATA_DAMAGED')
      // Without a whole record after it, it may be a write that was cut off.
      else expect(ids((opened as Awaited<ReturnType<typeof reopen>>).catalog)).toEqual([1, 2])
    }
  })

  it('at any byte of the last record leaves that out, keeps its bytes in a file, and says which one it was', async () => {
    const before = (await killedWith(2)).bytesOf(LOG).length
    const { length } = (await killedWith(3)).bytesOf(LOG)
    for (let at = before; at < length; at++) {
      const files = await killedWith(3)
      flip(files, LOG, at)
      const damaged = Buffer.from(files.bytesOf(LOG).subarray(before))
      const opened = await reopen(files)
      expect(ids(opened.catalog)).toEqual([1, 2])
      const [kept] = opened.folder.dropped!.keptAs
      expect(files.bytesOf(`${FOLDER}/${kept}`)).toEqual(damaged)
      expect(describeDropped(opened.folder.dropped!)).toMatch(
        new RegExp(
          String.raw`^Record \d+ at byte ${before} of log-0, the last one, is whole in length but its checksum is wrong: either its write was cut off, or the file was damaged\. What it held is not in the data; the last record before it is of 1970-01-01T00:00:00\.000Z\. Its ${length - before} bytes are kept in ${kept}\.$`,
        ),
      )
      store(opened, 9)
      const again = await reopen(files)
      expect([ids(again.catalog), again.folder.dropped]).toEqual([[1, 2, 9], undefined])
    }
  })

  it('in the last record, twice, keeps both', async () => {
    const files = await killedWith(3)
    flip(files, LOG, -1)
    const [first] = (await reopen(files)).folder.dropped!.keptAs
    const opened = await reopen(files)
    store(opened, 3)
    flip(files, LOG, -1)
    const [second] = (await reopen(files)).folder.dropped!.keptAs
    expect(files.list(FOLDER)).toEqual(expect.arrayContaining([first, second]))
    expect(second).not.toBe(first)
  })

  it('at any byte of a snapshot or of the manifest is refused, also with --recover', async () => {
    const base = await killedWith(3)
    await (await reopen(base)).folder.close()
    for (const name of ['stage0-embedded.json', 'snapshot-1/catalog', 'snapshot-1/0001.bson']) {
      const path = `${FOLDER}/${name}`
      for (let at = 0; at < base.bytesOf(path).length; at++) {
        const files = base.after(base.operations.length)
        flip(files, path, at)
        const { code, message } = await refusalOf(files, true)
        // A version that is flipped upwards reads as a newer format.
        expect(['EMBEDDED_DATA_DAMAGED', 'EMBEDDED_DATA_NEWER']).toContain(code)
        expect(message).toMatch(/^The data folder data .*\.$/)
      }
    }
  })

  it('is found in a log that another one follows', async () => {
    const files = await killedWith(3)
    const opened = await reopen(files, { snapshotFromBytes: 1 })
    // The snapshot fails, so that both logs count.
    const make = files.create.bind(files)
    files.create = (path) => (path.includes('snapshot') ? Promise.reject(new Error('no')) : make(path))
    store(opened, 4)
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    files.create = make
    store(opened, 5)
    expect(files.list(FOLDER)).toContain('log-1')
    expect(ids((await reopen(files.after(files.operations.length))).catalog)).toEqual([1, 2, 3, 4, 5])
    flip(files, LOG, -1)
    expect((await refusalOf(files)).message).toContain('and another log follows')
    const recovered = await reopen(files, { recover: true })
    expect([ids(recovered.catalog), recovered.folder.dropped?.keptAs]).toEqual([
      [1, 2, 3],
      ['log-0.damaged', 'log-1.damaged'],
    ])
  })
})

describe('files that are missing', () => {
  it.each(['log-1', 'snapshot-1/catalog', 'snapshot-1/0001.bson'])('%s is damage', async (name) => {
    const files = await killedWith(3)
    await (await reopen(files)).folder.close()
    files.remove(`${FOLDER}/${name}`)
    expect((await refusalOf(files, true)).code).toBe('EMBEDDED_DATA_DAMAGED')
  })
})
