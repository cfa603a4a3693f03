import { doc, hashKey, type Plain } from '@stage0/bson-schema'
import { MemoryDatabase } from './memory-database.ts'
import { repository, version } from './repository.ts'
import { apply, type Ran } from './run.ts'

export const IDS: readonly Plain[] = [null, 1, 2.5, 'a', 'b', doc({ x: 1 }), doc({ x: 2 }), true, new Date(0), 7]
export const V1 = version('user', '1.0.0.0', { data: IDS.map((_id) => doc({ _id, n: 0 })) })
export const online = (...stages: readonly { readonly [stage: string]: Plain }[]) =>
  version('user', '1.0.1.0', { migrate: [...stages, { $out: 'user' }] })
/** Counts up, so that a document that is met twice shows. */
export const wanted = repository({ user: [V1, online({ $set: { n: { $add: ['$n', 1] } } })] })

/** A database at the version before, with transactions. */
export async function before(): Promise<MemoryDatabase> {
  const database = new MemoryDatabase()
  database.kind = 'replica-set'
  const { last } = await apply(database, repository({ user: [V1] }), { runId: 'run-0' })
  if (last?.status !== 'succeeded') throw new Error(JSON.stringify(last))
  return database
}

export const small = { migration: { batchSize: 3 } }
export const counted = (database: MemoryDatabase) =>
  database.collections.get('user')?.documents.map((one) => [hashKey(one.get('_id') ?? null), one.get('n')])
export const allOnce = IDS.map((id) => [hashKey(id as never), 1])
export const migrateEvent = ({ events }: Ran) =>
  events.find((event) => event.type === 'step.finished' && event.kind === 'migrate')
export const rangesOf = ({ target }: Ran) => target.operations.filter((name) => name === 'applyRange').length
