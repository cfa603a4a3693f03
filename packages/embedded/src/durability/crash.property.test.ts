import { isDeep } from '@stage0/testkit'
import fc from 'fast-check'
import { MongoClient, type Db } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { startServer } from '../server.ts'
import { dump, FOLDER, indexFaults, machineWith, reopen } from './testing/data.ts'
import { MemoryFiles } from './testing/memory-files.ts'

/** Some commands of a client; a refusal is as good as any other answer. */
type Act = (db: Db, onDisk: object) => Promise<unknown>

const name = fc.constantFrom('a', 'b')
const id = fc.integer({ min: 0, max: 9 })
const small = fc.record({
  _id: id,
  x: fc.integer({ min: 0, max: 4 }),
  tags: fc.array(fc.constantFrom('p', 'q'), { maxLength: 2 }),
})
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(name, fc.array(small, { minLength: 1, maxLength: 5 }), fc.boolean()).map(
      ([c, documents, ordered]): Act =>
        (db, on) =>
          db.collection<{ _id: number }>(c).insertMany(documents, { ordered, ...on }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(name, id, fc.integer({ min: 0, max: 4 })).map(
      ([c, x, to]): Act =>
        (db, on) =>
          db.collection(c).updateMany({ x: { $lte: x } }, { $set: { x: to, [`f${to}`]: 'y'.repeat(to * 20) } }, on),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(name, id).map(
      ([c, _id]): Act =>
        (db, on) =>
          db.collection<{ _id: number }>(c).findOneAndReplace({ _id }, { x: 9 } as object, { upsert: true, ...on }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(name, id).map(
      ([c, x]): Act =>
        (db, on) =>
          db.collection(c).deleteMany({ x }, on),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(name, fc.boolean(), fc.constantFrom('x', 'tags')).map(
      ([c, unique, field]): Act =>
        (db, on) =>
          db.command({ createIndexes: c, indexes: [{ key: { [field]: 1 }, name: `${field}_1`, unique }], ...on }),
    ),
  },
  {
    weight: 1,
    arbitrary: name.map(
      (c): Act =>
        (db, on) =>
          db.command({ dropIndexes: c, index: '*', ...on }),
    ),
  },
  {
    weight: 1,
    arbitrary: name.map(
      (c): Act =>
        (db, on) =>
          db.command({ collMod: c, index: { name: 'x_1', prepareUnique: true }, ...on }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(name, id).map(
      ([c, most]): Act =>
        (db, on) =>
          db.command({ collMod: c, validator: { x: { $lte: most } }, validationLevel: 'moderate', ...on }),
    ),
  },
  {
    weight: 1,
    arbitrary: name.map(
      (c): Act =>
        (db, on) =>
          db.createCollection(c, { collation: { locale: 'de', strength: 2 }, ...on }),
    ),
  },
  {
    weight: 1,
    arbitrary: name.map(
      (c): Act =>
        (db, on) =>
          db.command({ drop: c, ...on }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Act>((db, on) =>
      db
        .admin()
        .command({ renameCollection: `${db.databaseName}.a`, to: `${db.databaseName}.b`, dropTarget: true, ...on }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Act>((db, on) =>
      db.admin().command({ renameCollection: `${db.databaseName}.b`, to: 'other.b', dropTarget: true, ...on }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Act>((db, on) =>
      db
        .collection('a')
        .aggregate([{ $set: { n: 1 } }, { $out: 'b' }], on)
        .toArray(),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Act>((db, on) =>
      db
        .collection('b')
        .aggregate([{ $project: { x: 1 } }, { $merge: 'a' }], on)
        .toArray(),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Act>((db) => db.dropDatabase()) },
)

/** What was true after a command: the data, the steps of the disk until its reply, and whether it asked for the disk. */
interface Moment {
  readonly data: string
  readonly steps: number
  readonly isOnDisk: boolean
}

async function live(
  acts: readonly { readonly run: Act; readonly isOnDisk: boolean }[],
  files: MemoryFiles,
): Promise<readonly Moment[]> {
  const server = await startServer({ data: FOLDER }, { files, machine: machineWith([]), snapshotFromBytes: 1_500 })
  const client = new MongoClient(server.uri, { promoteValues: false })
  const moments: Moment[] = [{ data: '', steps: files.operations.length, isOnDisk: true }]
  try {
    for (const { run, isOnDisk } of acts) {
      const acknowledged = await run(client.db('shop'), isOnDisk ? { writeConcern: { j: true } } : {}).then(
        () => true,
        () => false,
      )
      moments.push({
        data: dump(server.state.catalog),
        steps: files.operations.length,
        isOnDisk: isOnDisk && acknowledged,
      })
    }
  } finally {
    await client.close()
    await server.close()
  }
  return moments
}

const history = fc.array(fc.record({ run: act, isOnDisk: fc.boolean() }), { minLength: 5, maxLength: 30 })
/** Places between the first step of the disk and the last. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 25, maxLength: 25 })

/** The disk as it is when everything stops at `cut`, and what was true at that moment. */
function stopAt(files: MemoryFiles, moments: readonly Moment[], cut: number, powerIsLost: boolean) {
  const place = cut * files.operations.length
  const steps = Math.floor(place)
  const next = files.operations[steps]
  const bytes = next?.kind === 'write' ? Math.floor((place - steps) * next.bytes.length) : 0
  const last = moments.findLastIndex((moment) => moment.steps <= steps)
  const onDisk = moments.findLastIndex((moment) => moment.steps <= steps && moment.isOnDisk)
  // One command more may have been on its way.
  const possible = moments.slice(Math.max(powerIsLost ? onDisk : last, 0), last + 2)
  return { files: files.after(steps, bytes, powerIsLost), possible: possible.map(({ data }) => data) }
}

describe.each([
  ['a crash at any step of the disk leaves what was acknowledged', false],
  ['a loss of power at any step leaves what was acknowledged with j: true, and no gap', true],
])('%s', (_title, powerIsLost) => {
  it('and the folder goes on from there', async () => {
    await fc.assert(
      fc.asyncProperty(history, cuts, async (acts, places) => {
        const files = new MemoryFiles()
        const moments = await live(acts, files)
        for (const place of places) {
          const stopped = stopAt(files, moments, place, powerIsLost)
          const { catalog, folder } = await reopen(stopped.files)
          expect(stopped.possible).toContain(dump(catalog))
          expect(indexFaults(catalog)).toEqual([])
          await folder.close()
          const again = await reopen(stopped.files)
          expect(dump(again.catalog)).toBe(dump(catalog))
        }
        expect(dump((await reopen(files)).catalog)).toBe(moments.at(-1)?.data)
      }),
      { numRuns: isDeep ? 400 : 12 },
    )
  })
})
