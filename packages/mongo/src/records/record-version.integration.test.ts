import { doc, docOf } from '@stage0/bson-schema'
import { type VersionRecord } from '@stage0/engine'
import { DatabaseGate } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import { openTarget } from '../target.ts'
import { type Scratch, type ScratchServer, value } from '../testing/scratch.ts'
import { index, never, schema } from '../testing/target-parts.ts'
import { eachWithScratch } from '../testing/each.ts'

let server: ScratchServer
let scratch: Scratch
eachWithScratch((made, on) => ([scratch, server] = [made, on]))

const observed = async () => value(await scratch.target.observe({}))
const names = () => scratch.sent.map(({ name }) => name)

describe('versions and enumerators', () => {
  const record = (version: string): VersionRecord => ({
    collection: 'user',
    stored: `user.${version}`,
    version,
    schema,
    schemaHash: `hash of ${version}`,
    indexes: [index('byName', doc({ name: 1 }), doc({ partialFilterExpression: { 'a.b': { $gt: 1 } } }))],
    migrations: [{ file: 'm.json', hash: 'mh' }],
    enumeratorsHash: 'eh',
    runId: 'r1',
    appliedBy: 'ada',
    toolVersion: '0.1.0',
  })

  it('are recorded once, with a history in the order of applying', async () => {
    for (const version of ['1.0.0.1', '1.0.0.2', '1.0.0.10', '1.0.0.10'])
      value(await scratch.target.recordVersion(record(version), never))
    const { versions, history } = await observed()
    expect(versions).toEqual([
      expect.objectContaining({ collection: 'user', current: 'user.1.0.0.10', schemaHash: 'hash of 1.0.0.10' }),
    ])
    expect(history.map(({ version }) => version)).toEqual(['1.0.0.1', '1.0.0.2', '1.0.0.10'])
    expect(history[0]).toEqual({
      collection: 'user',
      version: '1.0.0.1',
      schemaHash: 'hash of 1.0.0.1',
      indexes: record('1.0.0.1').indexes,
      migrations: [{ file: 'm.json', hash: 'mh' }],
      enumeratorsHash: 'eh',
      runId: 'r1',
    })
    expect(names().filter((name) => name === 'createIndexes')).toHaveLength(1)
  })

  it('have one entry each in the history also where a run was cut off before the version itself was recorded', async () => {
    value(await scratch.target.recordVersion(record('1.0.0.1'), never))
    value(await scratch.target.recordVersion(record('1.0.0.2'), never))
    const before = { current_version: 'user.1.0.0.1', applied_at: new Date(0) }
    await scratch.db.collection('CollectionVersions').updateOne({ collection_name: 'user' }, { $set: before })
    value(await scratch.target.recordVersion({ ...record('1.0.0.2'), runId: 'r2' }, never))
    const { versions, history } = await observed()
    expect(versions).toMatchObject([{ current: 'user.1.0.0.2' }])
    expect(history.map(({ version, runId }) => [version, runId])).toEqual([
      ['1.0.0.1', 'r1'],
      ['1.0.0.2', 'r2'],
    ])
  })

  it('have an entry for each time that they were applied', async () => {
    value(await scratch.target.recordVersion(record('1.0.0.1'), never))
    value(await scratch.target.recordVersion({ ...record('1.0.0.1'), runId: 'r2' }, never))
    expect((await observed()).history.map(({ runId }) => runId)).toEqual(['r1', 'r2'])
  })

  it.each([
    ['between its history and itself', 'update', 'stage0_history', '1.0.0.1'],
    ['before anything else was recorded', 'createIndexes', 'CollectionVersions', undefined],
  ])('W-11: of a run that stood still %s are left as the run that took over has them', async (...at) => {
    const [, name, collection, before] = at
    if (before !== undefined) value(await scratch.target.recordVersion(record(before), never))
    const gate = await DatabaseGate.start(server.uri)
    const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }
    const late = value(await openTarget({ uri: gate.uri, database: scratch.name, recordNames }))
    const held = gate.hold('after', (command) => command.name === name && command.collection === collection)
    // Its own clock may have stood still as well, as that of a machine that sleeps does: then only the database can tell.
    const lease = new AbortController()
    const recording = late.recordVersion({ ...record('1.0.0.2'), runId: 'late' }, lease.signal)
    await held
    value(await scratch.target.recordVersion({ ...record('1.0.0.3'), runId: 'r2' }, never))
    if (before === undefined) lease.abort()
    gate.release()
    expect(await recording).toMatchObject({ ok: false, error: before === undefined ? {} : { code: 'LOCK_LOST' } })
    await late.close()
    await gate.end()
    const { versions, history } = await observed()
    expect(versions).toMatchObject([{ current: 'user.1.0.0.3', schemaHash: 'hash of 1.0.0.3' }])
    expect(history.filter(({ runId }) => runId === 'late')).toHaveLength(before === undefined ? 0 : 1)
  })

  it('W-11: two documents for one collection are refused, and named', async () => {
    await scratch.db
      .collection('CollectionVersions')
      .insertMany([{ collection_name: 'user' }, { collection_name: 'user' }])
    const recorded = await scratch.target.recordVersion(record('1.0.0.1'), never)
    expect(recorded).toMatchObject({
      ok: false,
      error: { code: 'VERSION_RECORD_DUPLICATE', detail: { collection: 'user' } },
    })
    expect((await observed()).versions).toHaveLength(2)
  })

  it('a unique index that somebody made under another name is good enough', async () => {
    await scratch.db
      .collection('CollectionVersions')
      .createIndex({ collection_name: 1 }, { unique: true, name: 'mine' })
    value(await scratch.target.recordVersion(record('1.0.0.1'), never))
  })

  it('enumerators are upserted by version and come back as they were written', async () => {
    const document = docOf([
      ['version', 1],
      [
        'enumerators',
        docOf([
          ['10', 'x'],
          ['9', 'y'],
        ]),
      ],
    ])
    value(await scratch.target.recordEnumerators(document, 'h1', never))
    value(await scratch.target.recordEnumerators(document, 'h2', never))
    expect((await observed()).enumerators).toEqual([{ version: 1, document, hash: 'h2' }])
  })
})
