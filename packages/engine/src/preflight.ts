import { hashKey, isDoc, type Doc } from '@stage0/bson-schema'
import {
  canonicalJson,
  type Observed,
  type Plan,
  type Wanted,
  type WantedTestData,
  type WantedVersion,
} from '@stage0/core'
import { ok, type ErrorCode, type Problem, type Result, type Severity } from '@stage0/types'
import type { TargetError, TargetPort } from './ports.ts'

export interface PreflightInput {
  readonly target: TargetPort
  readonly wanted: Wanted
  readonly observed: Observed
  readonly plan: Plan
  /** Most `_id`s of stored documents that are told; 0: none. */
  readonly samples: number
  readonly signal?: AbortSignal | undefined
}

/** More collisions than this tell nobody anything new. */
const SHOWN = 10

/**
 * Compares the test data that a plan loads with the documents that are stored already: other documents under the same `_id`,
 * and equal keys in unique indexes of the version. The documents of one file among themselves are checked when they are read.
 * Where a pending migration will change the stored documents first, nothing is compared, and a notice says so.
 */
export async function preflightTestData(input: PreflightInput): Promise<Result<readonly Problem[], TargetError>> {
  const problems: Problem[] = []
  for (const step of input.plan.steps) {
    if (step.kind !== 'loadData') continue
    if (!input.observed.collections.some((one) => one.name === step.collection)) continue
    const version = findVersion(input.wanted, step.collection, step.version)
    if (version?.testData === undefined) continue
    if (input.plan.steps.some((one) => one.kind === 'migrate' && one.target === step.collection)) {
      const text = `${step.file} is not compared with the documents of ${step.collection}, which a migration changes first`
      problems.push(problemAt(version.testData, 'TEST_DATA_NOT_CHECKED', 'notice', text))
      continue
    }
    const found = await compare(input, step.collection, version, version.testData)
    if (!found.ok) return found
    problems.push(...found.value)
  }
  return ok(problems)
}

export const findVersion = (wanted: Wanted, collection: string, version: string): WantedVersion | undefined =>
  wanted.collections.find((one) => one.name === collection)?.versions.find((one) => one.version === version)

/** Test data as documents. @throws TypeError for anything else, which reading the repository refuses. */
export function documentsOf(testData: WantedTestData): readonly Doc[] {
  return testData.documents.map((document) => {
    if (!isDoc(document)) throw new TypeError(`${testData.file} holds something else than documents`)
    return document
  })
}

async function compare(
  { target, samples, signal }: PreflightInput,
  collection: string,
  version: WantedVersion,
  testData: WantedTestData,
): Promise<Result<readonly Problem[], TargetError>> {
  const problems: Problem[] = []
  const documents = documentsOf(testData)
  const byId = new Map(documents.flatMap((one) => withId(one)))
  const stored = await target.findByIds(
    collection,
    documents.flatMap((one) => one.get('_id') ?? []),
    signal,
  )
  if (!stored.ok) return stored
  for (const document of stored.value) {
    const mine = withId(document)[0]
    const wanted = mine && byId.get(mine[0])
    if (wanted === undefined || exact(wanted) === exact(document)) continue
    const text = `${collection} holds another document with the _id ${canonicalJson(document.get('_id'))} of ${testData.file}`
    problems.push(problemAt(testData, 'TEST_DATA_CONFLICT', 'error', text))
  }
  const present = new Set(stored.value.flatMap((one) => withId(one).map(([id]) => id)))
  const fresh = documents.filter((one) => withId(one).every(([id]) => !present.has(id)))
  for (const index of version.addIndexes) {
    if (index.options.get('unique') !== true || fresh.length === 0) continue
    const colliding = await target.findByKeys(collection, index, fresh, SHOWN, signal)
    if (!colliding.ok) return colliding
    for (const document of colliding.value) {
      const whose = samples === 0 ? '' : `, under _id ${canonicalJson(document.get('_id'))}`
      const text = `a document of ${testData.file} has the key of unique index ${index.name} that ${collection} holds already${whose}`
      problems.push(problemAt(testData, 'DUPLICATE_KEY', 'error', text))
    }
  }
  return ok(problems.slice(0, SHOWN))
}

/** As loading compares: types and order count, but for the place of `_id`, which the server stores first. */
const exact = (document: Doc): string => canonicalJson([document.get('_id') ?? null, document.without('_id')])

function withId(document: Doc): [string, Doc][] {
  const id = document.get('_id')
  return id === undefined ? [] : [[hashKey(id), document]]
}

const problemAt = ({ source }: WantedTestData, code: ErrorCode, severity: Severity, text: string): Problem => ({
  code,
  severity,
  file: source.file,
  pointer: source.pointer,
  line: source.line,
  column: source.column,
  text,
})
