import { applyPlan, type MigrationPace, type TargetPort } from '@stage0/engine'
import type { Wanted } from '@stage0/core'
import type { RunEvent } from '@stage0/types'
import { Binary, Decimal128, Double, Long, ObjectId, type Collection, type Db } from 'mongodb'
import { realClock } from './apply-thing.ts'
import { wantedShape } from './online.ts'
import { startScratch, type Scratch } from './scratch.ts'

export interface Thing {
  _id: unknown
  shape: number
  n: number
  w?: number
}

/** A throw-away database with the collection `thing`, on a server that has transactions. Development only. */
export interface ThingDatabase {
  readonly uri: string
  readonly name: string
  readonly db: Db
  readonly target: TargetPort
  readonly things: Collection<Thing>
  readonly sent: Scratch['sent']
  /** Another connection, as of another process. */
  readonly another: Scratch['another']
  /** `thing` at version 1 with so many documents, under a collation in which case does not count. */
  seed(count: number): Promise<void>
  apply(
    wanted: Wanted,
    runId: string,
    given?: { readonly migration?: MigrationPace; readonly samples?: number },
  ): Promise<RunEvent[]>
  drop(): Promise<void>
}

export interface ThingServer {
  /** A server without transactions, given from outside: its tests are skipped. */
  readonly isStandalone: boolean
  database(): Promise<ThingDatabase>
  close(): Promise<void>
}

/** Documents that are inserted at once. */
const BATCH = 10_000

export async function startThings(): Promise<ThingServer> {
  const server = await startScratch(undefined, 'rs0')
  const first = await server.database()
  const hello = await first.db.admin().command({ hello: 1 })
  await first.drop()
  return {
    isStandalone: hello['setName'] === undefined && hello['msg'] !== 'isdbgrid',
    database: async () => {
      return thingDatabase({ uri: server.uri, ...(await server.database()) })
    },
    close: () => server.close(),
  }
}

type Place = Pick<ThingDatabase, 'uri' | 'name' | 'target' | 'db' | 'sent' | 'another' | 'drop'>

function thingDatabase(place: Place): ThingDatabase {
  const { db, target } = place
  const things = db.collection<Thing>('thing')
  const apply: ThingDatabase['apply'] = async (wanted, runId, given = {}) => {
    const events: RunEvent[] = []
    const run = applyPlan({
      target,
      wanted,
      options: { environment: 'local', loadTestData: false },
      holder: { host: 'here', pid: 1, user: 'ada', runId, command: 'apply' },
      leaseMs: 30_000,
      toolVersion: '0.1.0',
      clock: realClock,
      signal: new AbortController().signal,
      ...given,
    })
    for await (const event of run) events.push(event)
    return events
  }
  return {
    ...place,
    things,
    apply,
    seed: async (count) => {
      await db.createCollection('thing', { collation: { locale: 'en', strength: 2 } })
      const last = (await apply(wantedShape(1), 'r0')).at(-1)
      if (last?.type !== 'run.finished' || last.status !== 'succeeded') throw new Error(JSON.stringify(last))
      for (let from = 0; from < count; from += BATCH) {
        const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => ({
          _id: idOf(from + i),
          shape: 1,
          n: 0,
          old: 'x',
        }))
        // The driver would put an ObjectId in the place of null.
        await things.insertMany(batch, { forceServerObjectId: true })
      }
    },
  }
}

/** Ids of eleven types, and null once: no type follows another in the order in which they are made. */
export function idOf(i: number): unknown {
  const kinds = [
    () => i,
    () => new Double(i + 0.5),
    () => Long.fromNumber(i + 5_000_000_000),
    () => Decimal128.fromString(`${i}.25`),
    () => `key ${String(i).padStart(8, '0')}`,
    () => ({ a: i, b: { c: 'x' } }),
    () => new ObjectId(),
    () => new Date(i),
    () => new Binary(Buffer.from(`bytes ${i}`)),
    () => ({ a: `t${i}` }),
  ]
  if (i === 0) return null
  if (i === 1 || i === 2) return i === 1
  return kinds[i % kinds.length]?.()
}
