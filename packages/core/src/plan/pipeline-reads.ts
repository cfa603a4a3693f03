import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'

/** Stages that name a collection of the same database to read from, and the field that does. Source: manual, aggregation stages. */
const READS: Readonly<Record<string, string>> = { $lookup: 'from', $graphLookup: 'from', $unionWith: 'coll' }

/** Collections that the stages read beside their own, those of inner pipelines included; each once. */
export function collectionsRead(stages: readonly Value[]): readonly string[] {
  return [...new Set(stages.filter(isDoc).flatMap(readBy))]
}

function readBy(stage: Doc): readonly string[] {
  const [name = '', operand] = [stage.keys[0], stage.values[0]]
  if (name === '$unionWith' && typeof operand === 'string') return [operand]
  if (!isDoc(operand)) return []
  if (name === '$facet') return operand.values.filter(isArray).flatMap((inner) => collectionsRead(inner))
  const field = READS[name]
  if (field === undefined) return []
  const [from, inner] = [operand.get(field), operand.get('pipeline')]
  return [...(typeof from === 'string' ? [from] : []), ...(isArray(inner) ? collectionsRead(inner) : [])]
}
