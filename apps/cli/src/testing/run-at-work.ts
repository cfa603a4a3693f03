import { onTestFinished } from 'vitest'
import { openTarget } from '@stage0/mongo'
import type { TestDatabase } from './test-database.ts'

interface AtWork {
  readonly leaseMs?: number
  readonly collections?: readonly string[]
  readonly steps?: number
}

/** A run r1 of another process, as its records tell it, under a lock of its own. */
export async function runAtWork(database: TestDatabase, given: AtWork = {}) {
  const { leaseMs = 600_000, collections = [], steps = 0 } = given
  const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }
  const opened = await openTarget({ uri: database.uri, database: database.name, recordNames })
  if (!opened.ok) throw new Error(opened.error.message)
  const target = opened.value
  onTestFinished(() => target.close())
  const holder = { host: 'there', pid: 7, user: 'ann', runId: 'r1', command: 'stage0 apply' }
  const claim = await target.lock.claim(holder, leaseMs)
  if (!claim.ok || !claim.value.claimed) throw new Error('the lock of a new database is held')
  const { token } = claim.value
  const begun = await target.runs.begin({
    ...{ runId: 'r1', token, holder, planHash: 'h', plan: '{}', collections, steps },
    ...{ resumes: undefined, idempotencyKey: undefined, journal: [] },
  })
  if (!begun.ok) throw new Error(begun.error.message)
  return { target, token }
}
