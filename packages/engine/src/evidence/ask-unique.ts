import { duplicatesText, keyValue, readIndexKeys, shortJson, uniqueRiskText, type UniqueQuestion } from '@stage0/core'
import { ERRORS, ok, type Result, type UniqueEvidence } from '@stage0/types'
import type { TargetError } from '../ports.ts'
import type { Answer } from './answer.ts'
import { scanOf, type Asking } from './asking.ts'
import { searchDuplicates, searchKey, type KnownDuplicates } from './search-duplicates.ts'

/** Which documents share a key of a unique index. What planning found out already is told, and not asked again. */
export async function askUnique(
  asking: Asking,
  question: UniqueQuestion,
  known: KnownDuplicates | undefined,
): Promise<Result<Answer, TargetError>> {
  const { stepId, version, index } = question
  const keys = readIndexKeys(index)
  if (keys === undefined) {
    const message = `Duplicates under the unique index ${index.name} of ${version} were not looked for: its key is not one that a query can give.`
    const hint = ERRORS.EVIDENCE_KEY_UNKNOWN.fix
    return ok({ risks: [], errors: [{ code: 'EVIDENCE_KEY_UNKNOWN', message, hint }] })
  }
  const before = known?.get(searchKey(question))
  const searched = before === undefined ? await searchDuplicates(asking, question, keys) : ok(before)
  if (!searched.ok) return searched
  const { found, total, limitMs } = searched.value
  const duplicates = found === 'time' ? { keys: 0, documents: 0, samples: [] } : found
  const scan = scanOf(asking, question, total, found !== 'time')
  const unique: UniqueEvidence = {
    step_id: stepId,
    version,
    index: index.name,
    text: duplicatesText({ scan, limitMs }, duplicates),
    scan,
    keys: duplicates.keys,
    documents: duplicates.documents,
    samples: duplicates.samples.map(({ values, documents, ids }) => ({
      key: keys.paths.map((path, i) => ({ path, value: shortJson(keyValue(values[i] ?? null)) })),
      documents,
      ids: ids.map(shortJson),
    })),
  }
  const text = uniqueRiskText({ scan }, duplicates)
  return ok({
    unique,
    risks: question.risks.map(({ at, what }) => ({ step_id: stepId, risk: at, what, text })),
    errors: [],
  })
}
