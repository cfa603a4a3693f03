import { Timestamp } from 'bson'
import {
  addNumbers,
  compareValues,
  isDoc,
  isNumeric,
  multiplyNumbers,
  typeName,
  isDecimal,
  isInt32,
  toDecimal,
  Double,
  type NumericValue,
  type Value,
} from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import type { EvaluationContext } from '../contract.ts'
import { identical } from '../identical.ts'
import { show } from '../show.ts'
import type { CompileModifier, Modifier, UpdateRun } from './types.ts'

type MaybeValue = Value | undefined

/** A modifier that sets a value; an identical one is no change. */
const setting = (operator: string, value: Value, active?: Modifier['active']): Modifier => ({
  operator,
  creates: true,
  apply: (old) => (old !== undefined && identical(old, value) ? old : value),
  ...(active === undefined ? {} : { active }),
})

const compileUnset: CompileModifier = (_operand, { operator }) => ({ operator, creates: false, apply: () => undefined })

/** `$inc` and `$mul`: `missing` is what they make of an absent field. */
const arithmetic =
  (
    verb: string,
    compute: (a: NumericValue, b: NumericValue) => NumericValue | undefined,
    missing: (operand: NumericValue) => NumericValue,
  ): CompileModifier =>
  (operand, { operator, path }) => {
    if (!isNumeric(operand))
      throw new ServerError(14, `Cannot ${verb} with non-numeric argument: {${path}: ${show(operand)}}`)
    const apply = (old: MaybeValue, run: UpdateRun): Value => {
      if (old === undefined) return missing(operand)
      if (!isNumeric(old)) {
        throw new ServerError(
          14,
          `Cannot apply ${operator} to a value of non-numeric type. {_id: ${show(run.original.get('_id'))}} has the field '${path.split('.').at(-1)}' of non-numeric type ${typeName(old)}`,
        )
      }
      const result = compute(old, operand)
      if (result === undefined) {
        throw new ServerError(
          2,
          `Failed to apply ${operator} operations to current value (${show(old)}) for document {_id: ${show(run.original.get('_id'))}}`,
        )
      }
      return identical(old, result) ? old : result
    }
    return { operator, creates: true, apply }
  }

/** Zero of the operand's own type. */
function zeroOf(operand: NumericValue): NumericValue {
  if (typeof operand === 'bigint') return 0n
  if (isDecimal(operand)) return toDecimal(0)
  return typeof operand === 'number' && isInt32(operand) ? 0 : new Double(0)
}

/** `$min` and `$max`, in canonical order over all types. */
const extreme =
  (sign: 1 | -1): CompileModifier =>
  (operand, { operator, evaluation }) => {
    const options = { stringCompare: evaluation.collation }
    return {
      operator,
      creates: true,
      apply: (old) => (old === undefined || sign * compareValues(operand, old, options) > 0 ? operand : old),
    }
  }

const compileCurrentDate: CompileModifier = (operand, { operator, evaluation }) =>
  setting(operator, wantsTimestamp(operand) ? timestampOf(evaluation) : evaluation.now)

function wantsTimestamp(operand: Value): boolean {
  if (typeof operand === 'boolean') return false
  if (!isDoc(operand)) {
    throw new ServerError(
      2,
      `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    )
  }
  const type = operand.get('$type')
  if (operand.size !== 1 || (type !== 'date' && type !== 'timestamp')) {
    throw new ServerError(
      2,
      `The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}`,
    )
  }
  return type === 'timestamp'
}

const timestampOf = (evaluation: EvaluationContext): Value =>
  new Timestamp({ t: Math.floor(evaluation.now.getTime() / 1000), i: 1 })

const compileBit: CompileModifier = (operand, { operator, path }) => {
  if (!isDoc(operand))
    throw new ServerError(
      2,
      `The $bit modifier is not compatible with a ${typeName(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    )
  if (operand.size === 0)
    throw new ServerError(
      2,
      `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`,
    )
  const steps = operand.keys.map((name, i) => {
    const compute = BIT_OPERATIONS[name]
    const mask = operand.values[i] as Value
    if (compute === undefined)
      throw new ServerError(
        2,
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator`,
      )
    if (!isInteger(mask))
      throw new ServerError(
        2,
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(mask)}' is not supported here: {${name}: ${show(mask)}}`,
      )
    return { compute, mask }
  })
  const apply = (old: MaybeValue): Value => {
    const start = old ?? 0
    if (!isInteger(start))
      throw new ServerError(
        2,
        `Cannot apply $bit to a value of non-integral type. The field '${path}' is of type ${typeName(start)}`,
      )
    const result = steps.reduce<number | bigint>((value, { compute, mask }) => {
      const bits = BigInt.asIntN(64, compute(BigInt(value), BigInt(mask)))
      return typeof value === 'bigint' || typeof mask === 'bigint' ? bits : Number(bits)
    }, start)
    return old !== undefined && identical(old, result) ? old : result
  }
  return { operator, creates: true, apply }
}

const isInteger = (value: Value): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && typeName(value) === 'int')

const BIT_OPERATIONS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
}

export const FIELD_MODIFIERS: Readonly<Record<string, CompileModifier>> = {
  $set: (operand, { operator }) => setting(operator, operand),
  $setOnInsert: (operand, { operator }) => setting(operator, operand, (run) => run.insert),
  $unset: compileUnset,
  $inc: arithmetic('increment', addNumbers, (operand) => operand),
  $mul: arithmetic('multiply', multiplyNumbers, zeroOf),
  $min: extreme(-1),
  $max: extreme(1),
  $currentDate: compileCurrentDate,
  $bit: compileBit,
}
