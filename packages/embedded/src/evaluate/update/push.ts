import { isArray, isDoc, typeName, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { show } from '../show.ts'
import { compileSortPattern } from '../sort-values.ts'
import { asSafeInteger } from '../values.ts'
import type { CompileModifier, UpdateRun } from './types.ts'

interface PushPlan {
  readonly added: readonly Value[]
  readonly position: number | undefined
  readonly slice: number | undefined
  readonly compare: ((a: Value, b: Value) => number) | undefined
}

/** `$push`, with the modifiers `$each`, `$position`, `$sort` and `$slice`, applied in this order. */
export const compilePush: CompileModifier = (operand, { operator, path, evaluation }) => {
  const modified = isDoc(operand) && operand.has('$each')
  const plan: PushPlan = modified
    ? planOf(operand, evaluation.collation)
    : { added: [operand], position: undefined, slice: undefined, compare: undefined }
  const apply = (old: Value | undefined, run: UpdateRun): Value => {
    if (old !== undefined && !isArray(old)) {
      throw new ServerError(
        2,
        `The field '${path}' must be an array but is of type ${typeName(old)} in document {_id: ${show(run.original.get('_id'))}}`,
      )
    }
    return pushed(old ?? [], plan)
  }
  return { operator, creates: true, apply }
}

function pushed(old: readonly Value[], { added, position, slice, compare }: PushPlan): readonly Value[] {
  const at =
    position === undefined
      ? old.length
      : position < 0
        ? Math.max(0, old.length + position)
        : Math.min(position, old.length)
  let list: readonly Value[] = old.toSpliced(at, 0, ...added)
  if (compare !== undefined) list = list.toSorted(compare)
  if (slice !== undefined) list = slice < 0 ? list.slice(slice) : list.slice(0, slice)
  return list
}

function planOf(operand: Doc, collation: Parameters<typeof compileSortPattern>[1]): PushPlan {
  for (const key of operand.keys) {
    if (!['$each', '$position', '$slice', '$sort'].includes(key)) {
      throw new ServerError(2, `Unrecognized clause in $push: ${key}`)
    }
  }
  const each = operand.get('$each')
  if (!isArray(each))
    throw new ServerError(
      2,
      `The argument to $each in $push must be an array but it was of type: ${typeName(each as Value)}`,
    )
  const sort = operand.get('$sort')
  return {
    added: each,
    position: integerClause(operand, '$position'),
    slice: integerClause(operand, '$slice'),
    compare: sort === undefined ? undefined : compileSortPattern(sort, collation),
  }
}

function integerClause(operand: Doc, name: string): number | undefined {
  const value = operand.get(name)
  if (value === undefined) return undefined
  const n = asSafeInteger(value)
  if (n === undefined)
    throw new ServerError(2, `The value for ${name} must be an integer value but was given type: ${typeName(value)}`)
  return n
}
