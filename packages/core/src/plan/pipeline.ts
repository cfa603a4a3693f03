import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'

/** What a pipeline of stages does, as far as recovery and risks depend on it. */
export interface PipelineFacts {
  /** Collection that the final stage writes to; `undefined` without a final `$out` or `$merge`. */
  readonly target: { readonly database: string | undefined; readonly collection: string } | undefined
  readonly writesBy: '$out' | '$merge' | undefined
  /** A second run over its own result changes nothing, as far as the stages alone tell. */
  readonly isIdempotent: boolean
  /** `$merge` whose second run over an unchanged source changes nothing. */
  readonly isRepeatableMerge: boolean
  /** Stages that may remove fields or documents, by name. */
  readonly removes: readonly string[]
}

const KEEPS_EVERYTHING = new Set(['$set', '$addFields', '$sort', '$lookup', '$out', '$merge', '$setWindowFields'])
const REPEATABLE_WHEN_MATCHED = new Set(['replace', 'keepExisting'])

export function pipelineFacts(pipeline: readonly Doc[]): PipelineFacts {
  const last = pipeline.at(-1)
  const name = last?.keys[0]
  const writesBy = name === '$out' || name === '$merge' ? name : undefined
  const transforming = writesBy === undefined ? pipeline : pipeline.slice(0, -1)
  const argument = last?.values[0]
  return {
    target: writesBy === undefined ? undefined : targetOf(argument),
    writesBy,
    isIdempotent: transforming.every(isIdempotentStage),
    isRepeatableMerge: writesBy === '$merge' && isRepeatableMerge(argument),
    removes: [...new Set(pipeline.map((stage) => stage.keys[0] ?? ''))].filter((stage) => !KEEPS_EVERYTHING.has(stage)),
  }
}

/** `"name"`, `{db, coll}` or `{into: <either>, ...}`. */
function targetOf(argument: Value | undefined): PipelineFacts['target'] {
  if (typeof argument === 'string') return { database: undefined, collection: argument }
  if (!isDoc(argument)) return undefined
  if (argument.has('into')) return targetOf(argument.get('into'))
  const [database, collection] = [argument.get('db'), argument.get('coll')]
  if (typeof collection !== 'string') return undefined
  return { database: typeof database === 'string' ? database : undefined, collection }
}

/** The default of `whenMatched` is `merge`, which is repeatable only where the source stays as it was: not known here. */
const isRepeatableMerge = (argument: Value | undefined): boolean => {
  const whenMatched = isDoc(argument) ? argument.get('whenMatched') : undefined
  return typeof whenMatched === 'string' && REPEATABLE_WHEN_MATCHED.has(whenMatched)
}

/** Removing fields, and setting fields to constants, gives the same when done again. Anything that reads a field may not. */
function isIdempotentStage(stage: Doc): boolean {
  const [name, argument] = [stage.keys[0], stage.values[0]]
  if (name === '$unset') return true
  if (name !== '$set' && name !== '$addFields') return false
  return argument !== undefined && isConstant(argument)
}

/** No field path, variable or operator anywhere inside. */
function isConstant(value: Value): boolean {
  if (typeof value === 'string') return !value.startsWith('$')
  if (isArray(value)) return value.every(isConstant)
  if (!isDoc(value)) return true
  if (value.keys.length === 1 && value.keys[0] === '$literal') return true
  return value.keys.every((key) => !key.startsWith('$')) && value.values.every(isConstant)
}
