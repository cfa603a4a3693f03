import { doc, type Plain } from '@stage0/bson-schema'
import type { IndexSpec } from '@stage0/core'
import type { TargetPort } from '@stage0/engine'
import { DatabaseGate, type WireCommand } from '@stage0/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTarget } from '../target.ts'
import { startScratch, value, type Scratch, type ScratchServer } from '../testing/scratch.ts'

const never = new AbortController().signal
const recordNames = { versions: 'v', enumerators: 'e' }
const DOCUMENTS = 50

let server: ScratchServer
let scratch: Scratch
let gate: DatabaseGate
let target: TargetPort
/** Commands that came to the gate, in order. */
let came: string[]
beforeAll(async () => {
  server = await startScratch()
})
afterAll(() => server.close())
beforeEach(async () => {
  scratch = await server.database()
  gate = await DatabaseGate.start(server.uri)
  target = value(await openTarget({ uri: gate.uri, database: scratch.name, recordNames }))
  came = []
  gate.watch(({ name }) => void came.push(name))
})
afterEach(async () => {
  gate.open()
  await target.close()
  await gate.end()
  await scratch.drop()
})

const spec = (name: string, key: string, options: { readonly [option: string]: Plain } = {}): IndexSpec => ({
  name,
  key: doc({ [key]: 1 }),
  options: doc(options),
})
const isBuild = ({ name, collection }: WireCommand): boolean => name === 'createIndexes' && collection === 'c'
const builds = (): number => came.filter((name) => name === 'createIndexes').length
const indexes = async () => (await scratch.db.collection('c').listIndexes().toArray()).map(({ name }) => name as string)
const seed = (documents: readonly object[]) => scratch.db.collection('c').insertMany([...documents])

/** Cuts every connection when a build comes to the gate, or when its answer does. */
async function cutAt(when: 'before' | 'after'): Promise<void> {
  await gate.hold(when, isBuild)
  gate.cut()
}

describe('a build that its client has lost sight of', () => {
  it('is found done and not begun a second time, whatever it builds', async () => {
    await seed(Array.from({ length: DOCUMENTS }, (_, i) => ({ a: i, b: i % 7 })))
    const cut = cutAt('after')
    const wanted = [spec('i', 'a', { unique: true }), spec('j', 'b', { sparse: true })]
    expect(value(await target.buildIndexes('c', wanted, never))).toBe('done')
    await cut
    expect([await indexes(), builds()]).toEqual([['_id_', 'i', 'j'], 1])
    // It was looked for, among what the server does and among what it has.
    expect(came.slice(came.indexOf('createIndexes') + 1)).toEqual(expect.arrayContaining(['aggregate', 'listIndexes']))
    const [, i, j] = await scratch.db.collection('c').listIndexes().toArray()
    expect([i, j]).toMatchObject([
      { key: { a: 1 }, unique: true },
      { key: { b: 1 }, sparse: true },
    ])
  })

  it('and that never reached the server is begun', async () => {
    const cut = cutAt('before')
    expect(value(await target.buildIndexes('c', [spec('i', 'a')], never))).toBe('done')
    await cut
    expect([await indexes(), builds()]).toEqual([['_id_', 'i'], 2])
  })

  it('and failed is told with its reason', async () => {
    await seed([{ a: 1 }, { a: 1 }])
    const cut = cutAt('after')
    expect(await target.buildIndexes('c', [spec('i', 'a', { unique: true })], never)).toMatchObject({
      ok: false,
      error: { code: 'DUPLICATE_KEY' },
    })
    await cut
    expect([await indexes(), builds()]).toEqual([['_id_'], 2])
  })

  it('is looked for again where the connection breaks while it is looked for', async () => {
    const cut = cutAt('after').then(async () => {
      await gate.hold('before', ({ name }) => name === 'listIndexes')
      gate.cut()
    })
    expect(value(await target.buildIndexes('c', [spec('i', 'a')], never))).toBe('done')
    await cut
    expect([await indexes(), builds()]).toEqual([['_id_', 'i'], 1])
  })

  it('is given up when the run has lost its lock', async () => {
    const lost = AbortSignal.abort()
    expect(await target.buildIndexes('c', [spec('i', 'a')], lost)).toMatchObject({
      ok: false,
      error: { kind: 'stopped' },
    })
    expect(await scratch.db.listCollections().toArray()).toEqual([])
  })
})
