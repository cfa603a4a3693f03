import { describe, expect, it } from 'vitest'
import { Budget } from '../storage/budget.ts'
import { Catalog } from '../storage/catalog.ts'
import { DataFolder } from './data-folder.ts'
import { DataFolderError } from './data-folder-error.ts'
import type { Files } from './files.ts'
import { thisMachine } from './machine.ts'
import { emptyCatalog, FOLDER, machineWith, reopen } from './testing/data.ts'
import { MemoryFiles } from './testing/memory-files.ts'
import { ids, killedWith, store } from './testing/shop.ts'

const MANIFEST = `${FOLDER}/stage0-embedded.json`

function open(files: Files, running: readonly number[], pid: number, catalog = emptyCatalog()): Promise<DataFolder> {
  const ports = { files, machine: machineWith(running, pid), clock: () => new Date(0), log: () => undefined }
  return DataFolder.open(ports, { folder: FOLDER, recover: false, waitsByDefault: false }, catalog)
}

async function refusalOf(opening: Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> {
  const failure = await opening.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof DataFolderError)) throw new Error('the folder was taken', { cause: failure })
  return { code: failure.code, message: failure.message }
}

describe('one process writes to a folder', () => {
  it('and a second one is told which', async () => {
    const files = new MemoryFiles()
    await open(files, [], 41)
    expect(await refusalOf(open(files, [41], 42))).toEqual({
      code: 'EMBEDDED_DATA_IN_USE',
      message: 'The data folder data is in use by process 41 on here since 1970-01-01T00:00:00.000Z.',
    })
  })

  it('also within the same process', async () => {
    const files = new MemoryFiles()
    const ports = { files, machine: thisMachine, clock: () => new Date(0), log: () => undefined }
    const options = { folder: FOLDER, recover: false, waitsByDefault: false }
    const first = await DataFolder.open(ports, options, emptyCatalog())
    expect((await refusalOf(DataFolder.open(ports, options, emptyCatalog()))).code).toBe('EMBEDDED_DATA_IN_USE')
    await first.close()
    await DataFolder.open(ports, options, emptyCatalog())
  })

  it('until it ends: then the next one takes over, in order or after a kill', async () => {
    const files = await killedWith(1)
    const next = await open(files, [], 42)
    await next.close()
    expect(files.list(FOLDER)).not.toContain('lock')
    await open(files, [41, 42], 43)
  })

  it('and a process on another machine cannot be judged, so that a person has to', async () => {
    const files = new MemoryFiles()
    await open(files, [], 41)
    files.put(`${FOLDER}/lock`, Buffer.from(files.readText(`${FOLDER}/lock`)?.replace('here', 'there') ?? ''))
    expect((await refusalOf(open(files, [], 42))).message).toBe(
      'The data folder data is in use by process 41 on there since 1970-01-01T00:00:00.000Z; if it has ended, remove the file data/lock.',
    )
  })

  it('and half a lock, which only a loss of power leaves, holds nobody', async () => {
    const files = await killedWith(2)
    files.put(`${FOLDER}/lock`, Buffer.from('{"pid":4'))
    await open(files, [], 42)
  })

  it('and of two that take over a dead one’s lock one wins', async () => {
    const files = await killedWith(1)
    const rename = files.rename.bind(files)
    // Between the look at the lock and its removal another process takes over.
    files.rename = (from, to) => {
      files.rename = rename
      files.put(`${FOLDER}/lock`, Buffer.from(JSON.stringify(machineWith([], 77).describe(new Date(0)))))
      rename(from, to)
    }
    expect((await refusalOf(open(files, [77], 42))).message).toContain('process 77')
    expect(files.readText(`${FOLDER}/lock`)).toContain('77')
  })
})

describe('this machine', () => {
  const own = thisMachine.describe(new Date(0))

  it('knows a process that runs from one that is gone, and from another one with its number', () => {
    expect(thisMachine.judge(own)).toBe('running')
    expect(thisMachine.judge({ ...own, pid: 0x3fffff })).toBe('ended')
    expect(thisMachine.judge({ ...own, host: `${own.host}-other` })).toBe('unknown')
    // Other systems than Linux do not say when a process began.
    if (own.begun !== undefined) expect(thisMachine.judge({ ...own, begun: '1' })).toBe('ended')
    if (own.boot !== undefined) expect(thisMachine.judge({ ...own, boot: 'another' })).toBe('ended')
  })
})

describe('a folder that is not taken', () => {
  it('holds something else: nothing is touched', async () => {
    const files = new MemoryFiles()
    files.makeFolder(FOLDER)
    files.put(`${FOLDER}/thesis.txt`, Buffer.from('years of work'))
    const steps = files.operations.length
    expect(await refusalOf(reopen(files))).toEqual({
      code: 'EMBEDDED_DATA_FOREIGN',
      message:
        'The folder data is not a data folder of the embedded server: it holds thesis.txt and no stage0-embedded.json.',
    })
    expect(files.operations.length).toBe(steps)
  })

  it('lost its manifest: its log is not taken for a beginning', async () => {
    const files = await killedWith(2)
    files.remove(MANIFEST)
    expect((await refusalOf(reopen(files))).code).toBe('EMBEDDED_DATA_FOREIGN')
  })

  it('has a newer format: nothing is touched', async () => {
    const files = await killedWith(2)
    files.put(MANIFEST, Buffer.from(files.readText(MANIFEST)?.replace('"version":1', '"version":2') ?? ''))
    const steps = files.operations.length
    expect(await refusalOf(reopen(files))).toEqual({
      code: 'EMBEDDED_DATA_NEWER',
      message: 'The data folder data has format 2; this version of the embedded server reads up to 1.',
    })
    expect(files.operations.length).toBe(steps)
  })

  it.each(['not JSON', '7', 'null', '{"format":"other"}', '{"format":"stage0-embedded","version":1,"generation":0}'])(
    'has a manifest that says %s',
    async (text) => {
      const files = await killedWith(2)
      files.put(MANIFEST, Buffer.from(text))
      expect((await refusalOf(reopen(files))).code).toBe('EMBEDDED_DATA_DAMAGED')
    },
  )

  it('may not be read', async () => {
    const files = await killedWith(2)
    files.open = () => {
      throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', syscall: 'open' })
    }
    expect(await refusalOf(reopen(files))).toEqual({
      code: 'EMBEDDED_DATA_UNREADABLE',
      message: 'The data folder data cannot be used: EACCES: permission denied.',
    })
    expect(files.list(FOLDER)).not.toContain('lock')
  })

  it.each([
    ['documents', new Budget(2, 1_000_000), 'holds at most 2 documents (maxDocuments)'],
    ['bytes', new Budget(100, 60), 'holds at most 60 bytes (maxBytes)'],
  ])('holds more %s than is allowed', async (_what, budget, sentence) => {
    const files = await killedWith(3)
    const refusal = await refusalOf(open(files, [], 42, new Catalog(budget)))
    expect([refusal.code, refusal.message]).toEqual(['EMBEDDED_DATA_TOO_LARGE', expect.stringContaining(sentence)])
  })

  it('was begun by a process that was killed at once: the next one begins it', async () => {
    const files = new MemoryFiles()
    await reopen(files)
    for (let steps = 0; steps <= files.operations.length; steps++) {
      const then = files.after(steps)
      const opened = await reopen(then)
      store(opened, 1)
      expect(ids((await reopen(then)).catalog)).toEqual([1])
    }
  })
})
