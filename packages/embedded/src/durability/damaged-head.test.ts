import { describe, expect, it } from 'vitest'
import { DataFolderError } from './data-folder-error.ts'
import { describeDropped } from './dropped.ts'
import { LOG_HEAD_BYTES, logHead } from './frame.ts'
import { FOLDER, reopen } from './testing/data.ts'
import type { MemoryFiles } from './testing/memory-files.ts'
import { ids, killedWith, store } from './testing/shop.ts'

const EVERY_BYTE = Array.from({ length: LOG_HEAD_BYTES }, (_, at) => at)

/** A folder of a process that was killed before its first snapshot. */
const killed = () => killedWith(3)
/** Of one that was stopped in order: a snapshot, and a log that is nothing but its head. */
async function stopped(): Promise<MemoryFiles> {
  const files = await killedWith(3)
  await (await reopen(files)).folder.close()
  return files
}
/** Of one that was stopped in order, and killed later. */
async function stoppedThenKilled(): Promise<MemoryFiles> {
  const files = await stopped()
  const opened = await reopen(files)
  store(opened, 4)
  store(opened, 5)
  return files
}

const changed = (files: MemoryFiles, name: string, change: (bytes: Buffer) => void): Buffer => {
  const bytes = files.bytesOf(`${FOLDER}/${name}`)
  change(bytes)
  return Buffer.from(bytes)
}

async function refusalOf(files: MemoryFiles): Promise<string> {
  const failure = await reopen(files).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof DataFolderError)) throw new Error('the folder was taken', { cause: failure })
  expect(failure.code).toBe('EMBEDDED_DATA_DAMAGED')
  return failure.message
}

describe.each([
  { folder: 'a log without a snapshot', make: killed, log: 'log-0', expected: [1, 2, 3] },
  { folder: 'a log of a head alone', make: stopped, log: 'log-1', expected: [1, 2, 3] },
  { folder: 'a log after a snapshot', make: stoppedThenKilled, log: 'log-1', expected: [1, 2, 3, 4, 5] },
])('one flipped bit in the head of $folder', ({ make, log, expected }) => {
  it('is refused at every byte, nothing is touched, and the hint says what --recover does', async () => {
    const base = await make()
    for (const at of EVERY_BYTE) {
      const files = base.after(base.operations.length)
      const damaged = changed(files, log, (bytes) => (bytes[at]! ^= 1 << (at % 8)))
      expect(await refusalOf(files)).toBe(
        `The data folder data is damaged: the head of ${log} is damaged. Start with --recover to read the whole records after it all the same; the log is then set aside.`,
      )
      expect(files.bytesOf(`${FOLDER}/${log}`)).toEqual(damaged)
    }
  })

  it('loses nothing with --recover, at every byte; the log is kept, and later starts need nothing', async () => {
    const base = await make()
    for (const at of EVERY_BYTE) {
      const files = base.after(base.operations.length)
      const damaged = changed(files, log, (bytes) => (bytes[at]! ^= 1 << (at % 8)))
      const opened = await reopen(files, { recover: true })
      expect(ids(opened.catalog)).toEqual(expected)
      expect(describeDropped(opened.folder.dropped!)).toBe(
        `The head of ${log} is damaged; the whole records after it were read. It is kept in ${log}.damaged.`,
      )
      expect(files.bytesOf(`${FOLDER}/${log}.damaged`)).toEqual(damaged)
      store(opened, 9)
      const again = await reopen(files)
      expect([ids(again.catalog), again.folder.dropped]).toEqual([[...expected, 9], undefined])
    }
  })
})

describe('a head that does not say that its log is the one that follows', () => {
  it.each([
    { head: 'zeros', bytes: Buffer.alloc(LOG_HEAD_BYTES) },
    { head: 'of another generation', bytes: logHead(7, 4) },
    { head: 'of later records', bytes: logHead(1, 8) },
    {
      head: 'damaged in both places that could say it',
      bytes: logHead(1, 4).map((byte, at) => (at === 12 || at === 24 ? byte ^ 1 : byte)),
    },
  ])('$head: with --recover the snapshot counts, and the log is set aside whole', async ({ bytes }) => {
    const files = await stoppedThenKilled()
    const damaged = changed(files, 'log-1', (log) => log.set(bytes))
    expect(await refusalOf(files)).toBe(
      'The data folder data is damaged: log-1 does not begin as the log that follows does. Start with --recover to go back to snapshot-1; the log is then set aside.',
    )
    const opened = await reopen(files, { recover: true })
    expect(ids(opened.catalog)).toEqual([1, 2, 3])
    expect(describeDropped(opened.folder.dropped!)).toBe(
      `log-1 does not begin as the log that follows does: it was left out, ${damaged.length} bytes with 2 whole records; what was written before it is in snapshot-1. They are kept in log-1.damaged.`,
    )
    expect(files.bytesOf(`${FOLDER}/log-1.damaged`)).toEqual(damaged)
    store(opened, 9)
    expect(ids((await reopen(files)).catalog)).toEqual([1, 2, 3, 9])
  })

  it('without a snapshot the data begin empty', async () => {
    const files = await killed()
    const damaged = changed(files, 'log-0', (log) => log.fill(0, 0, LOG_HEAD_BYTES))
    expect(await refusalOf(files)).toContain('Start with --recover to go back to before the first write')
    const { catalog, folder } = await reopen(files, { recover: true })
    expect(ids(catalog)).toEqual([])
    expect(describeDropped(folder.dropped!)).toBe(
      `log-0 does not begin as the log that follows does: it was left out, ${damaged.length} bytes with 3 whole records; nothing was written before it. They are kept in log-0.damaged.`,
    )
  })
})

describe('a damaged head and more', () => {
  it('a torn last record: what is whole is read, and the log is kept', async () => {
    const files = await killed()
    const whole = (await killedWith(2)).bytesOf(`${FOLDER}/log-0`).length
    const log = changed(files, 'log-0', (bytes) => (bytes[20]! ^= 4))
    files.put(`${FOLDER}/log-0`, log.subarray(0, -1))
    const { catalog, folder } = await reopen(files, { recover: true })
    expect(ids(catalog)).toEqual([1, 2])
    expect(describeDropped(folder.dropped!)).toBe(
      `The head of log-0 is damaged; the whole records after it were read. The last write was not finished: ${log.length - 1 - whole} bytes at byte ${whole} of log-0 were dropped; the last record before it is of 1970-01-01T00:00:00.000Z. They are kept in log-0.damaged.`,
    )
  })

  it('another log that follows, with a damaged head of its own: both are read', async () => {
    const running = await killed()
    const opened = await reopen(running, { snapshotFromBytes: 1 })
    // The snapshot fails, so that both logs count.
    running.create = () => Promise.reject(new Error('no'))
    store(opened, 4)
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    store(opened, 5)
    const files = running.after(running.operations.length)
    for (const log of ['log-0', 'log-1']) changed(files, log, (bytes) => (bytes[14]! ^= 1))
    expect(await refusalOf(files)).toContain('the head of log-0 is damaged')
    const { catalog, folder } = await reopen(files, { recover: true })
    expect(ids(catalog)).toEqual([1, 2, 3, 4, 5])
    expect(describeDropped(folder.dropped!)).toBe(
      'The heads of log-0, log-1 are damaged; the whole records after them were read. They are kept in log-0.damaged, log-1.damaged.',
    )
    expect(ids((await reopen(files)).catalog)).toEqual([1, 2, 3, 4, 5])
  })
})

describe('--recover that is cut off', () => {
  it.each([{ powerIsLost: false }, { powerIsLost: true }])(
    'at any step can be repeated, and never loses the log (power is lost: $powerIsLost)',
    async ({ powerIsLost }) => {
      const files = await stoppedThenKilled()
      const damaged = changed(files, 'log-1', (bytes) => bytes.fill(0, 0, LOG_HEAD_BYTES))
      const from = files.operations.length
      await reopen(files, { recover: true })
      for (let count = from; count <= files.operations.length; count++) {
        const cut = files.after(count, 0, powerIsLost)
        // The damage is no step of the process.
        if (cut.list(FOLDER)?.includes('log-1') === true) cut.put(`${FOLDER}/log-1`, damaged)
        const { catalog } = await reopen(cut, { recover: true })
        expect(ids(catalog)).toEqual([1, 2, 3])
        expect(cut.bytesOf(`${FOLDER}/log-1.damaged`)).toEqual(damaged)
      }
    },
  )
})
