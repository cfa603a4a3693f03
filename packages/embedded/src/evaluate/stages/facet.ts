import { Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { docOr, pipelineOr } from './arguments.ts'
import { gathered, withoutTurns } from '../turn.ts'
import type { CompileStage } from './types.ts'

export const compileFacet: CompileStage = (spec, environment, name) => {
  const fields = docOr(spec, 40169, `the $facet specification must be a non-empty object`)
  if (fields.size === 0) throw new ServerError(40169, `the $facet specification must be a non-empty object`)
  const facets = fields.keys.map((facet, i) => {
    if (facet.includes('.') || facet.startsWith('$'))
      throw new ServerError(16410, `FieldPath field names may not start with '$' or contain '.': ${facet}`)
    return environment.compileStages(pipelineOr(fields.values[i], name), { ...environment, inside: '$facet' })
  })
  return function* (input) {
    const documents = yield* gathered(input)
    yield new Doc(
      fields.keys,
      facets.map((run): Value => [...withoutTurns(run(documents))]),
    )
  }
}
