import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { checkVariableName } from '../expression/field-path.ts'
import { declare } from '../expression/types.ts'
import { anyAtPath } from '../filter/element-path.ts'
import { fieldPath, valueAt, withValueAt } from '../paths.ts'
import { isNullish, keyIn } from '../values.ts'
import { docOr, onlyFields, pipelineOr, textOr } from './arguments.ts'
import type { CompileStage, StageEnvironment, Transform } from './types.ts'
import { TURN, withoutTurns } from '../turn.ts'

/** Documents of a collection by the value of one field, as equality in a query sees it. */
export interface Joined {
  /** Documents whose field equals any of the values, in their natural order. */
  readonly matching: (values: readonly Value[]) => readonly Doc[]
}

export function indexBy(documents: readonly Doc[], parts: readonly string[], key: (value: Value) => string): Joined {
  const positions = new Map<string, number[]>()
  documents.forEach((document, position) => {
    const keys = new Set<string>()
    anyAtPath(document, parts, 'elements-and-array', (value) => {
      keys.add(key(isNullish(value) ? null : (value as Value)))
      return false
    })
    for (const k of keys) {
      const list = positions.get(k)
      if (list === undefined) positions.set(k, [position])
      else list.push(position)
    }
  })
  return {
    matching: (values) => {
      const found = new Set(values.flatMap((value) => positions.get(key(isNullish(value) ? null : value)) ?? []))
      return [...found].sort((a, b) => a - b).map((position) => documents[position] as Doc)
    },
  }
}

/** The values that a local field is joined by: the elements of an array, null for a missing field. */
const localValues = (value: Value | undefined): readonly Value[] => (isArray(value) ? value : [value ?? null])

const LOOKUP_FIELDS = ['from', 'as', 'localField', 'foreignField', 'let', 'pipeline']

export const compileLookup: CompileStage = (spec, environment, name) => {
  const fields = docOr(spec, 9, 'the $lookup specification must be an Object')
  onlyFields(fields, name, LOOKUP_FIELDS, 9)
  const as = fieldPath(textOr(fields.get('as'), 9, `must specify 'as' field for a $lookup`))
  const [local, foreign] = [fields.get('localField'), fields.get('foreignField')]
  if ((local === undefined) !== (foreign === undefined))
    throw new ServerError(9, '$lookup requires both or neither of localField and foreignField to be specified')
  if (local === undefined && !fields.has('pipeline'))
    throw new ServerError(
      9,
      `$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified`,
    )
  if (fields.has('let') && !fields.has('pipeline')) throw new ServerError(9, `$lookup with 'let' needs a 'pipeline'`)
  const inner = innerPipeline(fields, environment, name)
  const source = sourceOf(fields, environment)
  const join =
    local === undefined || foreign === undefined
      ? undefined
      : {
          local: fieldPath(textOr(local, 9, `$lookup argument 'localField' must be a string`)),
          foreign: fieldPath(textOr(foreign, 9, `$lookup argument 'foreignField' must be a string`)),
        }
  const key = keyIn(environment.scope.context.collation)
  return function* (input) {
    let all: readonly Doc[] | undefined
    let index: Joined | undefined
    for (const document of input) {
      if (document === TURN) {
        yield TURN
        continue
      }
      all ??= [...source()]
      if (join !== undefined) index ??= indexBy(all, join.foreign, key)
      const found =
        join === undefined || index === undefined ? all : index.matching(localValues(valueAt(document, join.local)))
      yield withValueAt(document, as, inner(document, found))
    }
  }
}

/** Where the documents come from: a collection, of another database in the long form; or none, for `$documents`. */
function sourceOf(fields: Doc, { sources }: StageEnvironment): () => Iterable<Doc> {
  const from = fields.get('from')
  if (from === undefined) {
    const pipeline = fields.get('pipeline')
    const first = isArray(pipeline) ? pipeline[0] : undefined
    if (isDoc(first) && first.keys[0] === '$documents') return () => []
    throw new ServerError(9, `must specify 'from' field for a $lookup`)
  }
  if (isDoc(from)) throw new ServerError(9, `$lookup from another database is not supported for this namespace`)
  const collection = textOr(from, 9, `$lookup argument 'from' must be a string`)
  return () => sources.read(collection)
}

/** The variables of `let` and the pipeline over the joined documents; compiled once, run for each document. */
function innerPipeline(
  fields: Doc,
  environment: StageEnvironment,
  name: string,
): (document: Doc, joined: readonly Doc[]) => readonly Doc[] {
  const pipeline = fields.get('pipeline')
  if (pipeline === undefined) return (_document, joined) => joined
  const given = fields.get('let')
  const variables = given === undefined ? undefined : docOr(given, 9, `$lookup argument 'let' must be an object`)
  variables?.keys.forEach(checkVariableName)
  const values = (variables?.values ?? []).map((value) => environment.scope.compile(value, environment.scope).evaluate)
  const { scope, cells } = declare(environment.scope, variables?.keys ?? [])
  const run: Transform = environment.compileStages(pipelineOr(pipeline, name), {
    ...environment,
    scope,
    inside: '$lookup',
  })
  return (document, joined) => {
    const evaluated = values.map((evaluate) => evaluate(document))
    cells.forEach((cell, i) => {
      cell.value = evaluated[i]
    })
    return [...withoutTurns(run(joined))]
  }
}

export const compileUnionWith: CompileStage = (spec, environment, name) => {
  const fields =
    typeof spec === 'string'
      ? undefined
      : docOr(spec, 9, 'the $unionWith stage specification must be an object or string')
  if (fields !== undefined) onlyFields(fields, name, ['coll', 'pipeline'])
  const collection = fields === undefined ? (spec as string) : fields.get('coll')
  const pipeline = fields?.get('pipeline')
  if (collection === undefined && pipeline === undefined)
    throw new ServerError(9, `$unionWith needs 'coll' or 'pipeline'`)
  const { sources } = environment
  const run = environment.compileStages(pipeline === undefined ? [] : pipelineOr(pipeline, name), {
    ...environment,
    inside: '$unionWith',
  })
  const from = collection === undefined ? undefined : textOr(collection, 14, `'coll' of $unionWith must be a string`)
  return function* (input) {
    yield* input
    yield* run(from === undefined ? [] : sources.read(from))
  }
}
