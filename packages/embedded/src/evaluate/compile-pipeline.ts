import type { Doc } from '@stage0/bson-schema'
import { isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'
import type { CompiledPipeline, EvaluationContext, PipelineEnd, PipelineSources } from './contract.ts'
import { rootScope } from './expression/compile.ts'
import { OUTPUT_STAGES, REFUSED_STAGES, STAGES } from './stages/table.ts'
import type { StageEnvironment, Transform } from './stages/types.ts'
import { withoutTurns, type Item } from './turn.ts'

/** Most stages of a pipeline. Source: the manual, aggregation pipeline limits. */
const MAX_STAGES = 1_000
/** How many documents pass between two looks at the clock. */
const CHECK_EVERY_DOCUMENTS = 1_000

/**
 * Compiles an aggregation pipeline. What can be refused without a document is refused here: 40324 for an unknown stage,
 * 40323 for a stage that is no single field, 40601 for `$out` or `$merge` before the end, and the stages' own codes.
 */
export function compilePipeline(
  stages: readonly Value[],
  context: EvaluationContext,
  sources: PipelineSources,
): CompiledPipeline {
  const { body, end } = splitEnd(stages)
  const run = compileStages(body, { scope: rootScope(context), sources, inside: undefined, compileStages })
  return {
    leadingMatch: leadingMatch(body),
    end,
    run: (input) => withoutTurns(run(checked(input, context))),
    runInTurns: (input) => run(checked(input, context)),
  }
}

function* checked(input: Iterable<Item>, { checkTime }: EvaluationContext): Iterable<Item> {
  let count = 0
  for (const item of input) {
    if (++count % CHECK_EVERY_DOCUMENTS === 0) checkTime()
    yield item
  }
}

function leadingMatch(stages: readonly Value[]): Doc | undefined {
  const [first] = stages
  const filter = isDoc(first) && first.keys[0] === '$match' ? first.values[0] : undefined
  return isDoc(filter) ? filter : undefined
}

function splitEnd(stages: readonly Value[]): { readonly body: readonly Value[]; readonly end: PipelineEnd } {
  const last = stages[stages.length - 1]
  const read = isDoc(last) && last.size === 1 ? OUTPUT_STAGES.get(last.keys[0] as '$out') : undefined
  if (!isDoc(last) || read === undefined) return { body: stages, end: { kind: 'cursor' } }
  return { body: stages.slice(0, -1), end: read(last.values[0] as Value) }
}

function compileStages(stages: readonly Value[], environment: StageEnvironment): Transform {
  if (stages.length > MAX_STAGES)
    throw new ServerError(7749501, `Pipeline length must be no longer than ${MAX_STAGES} stages`)
  const transforms = stages.map((stage, i) => compileStage(stage, i, environment))
  return (input) => transforms.reduce((items, transform) => transform(items), input)
}

function compileStage(stage: Value, position: number, environment: StageEnvironment): Transform {
  if (!isDoc(stage)) throw new ServerError(14, `Each element of the 'pipeline' array must be an object`)
  if (stage.size !== 1)
    throw new ServerError(40323, 'A pipeline stage specification object must contain exactly one field.')
  const [name] = stage.keys as [string]
  const { inside } = environment
  if (name === '$out' || name === '$merge') {
    if (inside === '$facet') throw new ServerError(40600, `${name} is not allowed to be used within a $facet stage`)
    if (inside !== undefined) throw new ServerError(51047, `${name} is not allowed within a ${inside}'s sub-pipeline`)
    throw new ServerError(40601, `${name} can only be the final stage in the pipeline`)
  }
  if (name === '$facet' && inside === '$facet')
    throw new ServerError(40600, `$facet is not allowed to be used within a $facet stage`)
  if (name === '$documents' && position > 0)
    throw new ServerError(40602, `$documents is only valid as the first stage in a pipeline`)
  const compile = STAGES.get(name)
  if (compile !== undefined) return compile(stage.values[0] as Value, environment, name)
  const refused = REFUSED_STAGES.get(name)
  if (refused === 40573) throw new ServerError(40573, 'The $changeStream stage is only supported on replica sets')
  throw new ServerError(
    refused ?? 40324,
    `Unrecognized pipeline stage name: '${name}'${refused === undefined ? '' : ' (not supported by the embedded server)'}`,
  )
}
