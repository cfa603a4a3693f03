import {
  EMPTY_DOC,
  addNumbers,
  compareValues,
  isArray,
  isNumeric,
  toDouble,
  type Doc,
  type NumericValue,
  type Value,
} from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { addUnits, UNITS, type Unit } from '../expression/calendar.ts'
import { UTC } from '../expression/time-zone.ts'
import { fieldPath, plainValueAt, withValueAt } from '../paths.ts'
import { isNullish } from '../values.ts'
import { docOr, onlyFields, requiredField, textOr } from './arguments.ts'
import { partition } from './partition.ts'
import type { CompileWholeStage } from './types.ts'

/** Most documents that one `$densify` adds. Source: the server's default of internalQueryMaxAllowedDensifyDocs. */
const MAX_ADDED = 500_000

/** The value `count` steps after `low`; `before` is the one a step earlier. */
type Step = (low: Value, count: number, before: Value) => Value

interface Range {
  readonly step: Step
  readonly bounds: 'full' | 'partition' | readonly [Value, Value]
  readonly unit: Unit | undefined
}

function readRange(range: Doc): Range {
  onlyFields(range, '$densify.range', ['step', 'bounds', 'unit'])
  const step = requiredField(range, '$densify.range', 'step')
  if (!isNumeric(step) || compareValues(step, 0) <= 0)
    throw new ServerError(5733401, 'The step parameter in a range statement must be a strictly positive numeric value')
  const unit = range.get('unit')
  const bounds = requiredField(range, '$densify.range', 'bounds')
  if (isArray(bounds) ? bounds.length !== 2 : bounds !== 'full' && bounds !== 'partition') {
    throw new ServerError(5946802, "Bounds string must either be 'full' or 'partition', or an array of two values")
  }
  const known = UNITS.find((each) => each === unit)
  if (unit !== undefined && known === undefined) throw new ServerError(9, `unknown time unit value`)
  return { step: stepOf(step, known), bounds: bounds as Range['bounds'], unit: known }
}

const stepOf =
  (step: NumericValue, unit: Unit | undefined): Step =>
  (low, count, before) => {
    if (unit === undefined) return addNumbers(before as NumericValue, step) as NumericValue
    // From the lower bound each time, since months shorten a date for good: 31 January, 29 February, 31 March.
    return new Date(addUnits((low as Date).getTime(), unit, toDouble(step) * count, UTC))
  }

export const compileDensify: CompileWholeStage = (spec, { scope }, name) => {
  const fields = docOr(spec, 5733201, `The $densify stage specification must be an object`)
  onlyFields(fields, name, ['field', 'partitionByFields', 'range'])
  const path = fieldPath(textOr(requiredField(fields, name, 'field'), 14, `'field' of $densify must be a string`))
  const range = readRange(docOr(requiredField(fields, name, 'range'), 14, `'range' must be an object`))
  const given = fields.get('partitionByFields') ?? []
  if (!isArray(given)) throw new ServerError(14, `'partitionByFields' must be an array`)
  const by = given.map((each) => fieldPath(textOr(each, 14, `'partitionByFields' must hold strings`)))
  if (range.bounds === 'partition' && by.length === 0)
    throw new ServerError(
      5733409,
      "One may not specify the bounds as 'partition' without specifying a non-empty array of partitionByFields.",
    )
  const keyOf =
    by.length === 0 ? undefined : (document: Doc): Value => by.map((parts) => plainValueAt(document, parts) ?? null)
  const sortBy = EMPTY_DOC.with(path.join('.'), 1)
  return (input) => {
    const parts = partition(input, keyOf, sortBy, scope)
    const all = parts.flatMap((documents) => valuesOf(documents, path, range.unit))
    const budget = { left: MAX_ADDED }
    return parts.flatMap((documents) =>
      densified(documents, path, by, boundsOf(range, documents, path, all), range.step, budget),
    )
  }
}

/** The values of the field; null and missing are passed over, other types are refused. */
function valuesOf(documents: readonly Doc[], path: readonly string[], unit: Unit | undefined): Value[] {
  return documents.flatMap((document): Value[] => {
    const value = plainValueAt(document, path)
    if (isNullish(value)) return []
    if (unit === undefined ? !isNumeric(value) : !(value instanceof Date)) {
      throw new ServerError(
        unit === undefined ? 5733201 : 6053600,
        `$densify field type must be numeric, or a date with a unit`,
      )
    }
    return [value as Value]
  })
}

/** Lowest and highest value; the highest is not filled, since a document has it or the range excludes it. */
function boundsOf(
  range: Range,
  documents: readonly Doc[],
  path: readonly string[],
  all: readonly Value[],
): readonly [Value, Value] | undefined {
  if (typeof range.bounds !== 'string') return range.bounds
  const values =
    range.bounds === 'full' ? all.toSorted((a, b) => compareValues(a, b)) : valuesOf(documents, path, range.unit)
  const [low, high] = [values[0], values[values.length - 1]]
  return low === undefined || high === undefined ? undefined : [low, high]
}

/** The documents of a partition with the missing steps between the bounds (the upper one excluded) added. */
function densified(
  documents: readonly Doc[],
  path: readonly string[],
  by: readonly (readonly string[])[],
  bounds: readonly [Value, Value] | undefined,
  step: Step,
  budget: { left: number },
): Doc[] {
  if (bounds === undefined) return [...documents]
  const [low, high] = bounds
  const [sample] = documents
  const empty = by.reduce((made, parts) => {
    const value = sample === undefined ? undefined : plainValueAt(sample, parts)
    return value === undefined ? made : withValueAt(made, parts, value)
  }, EMPTY_DOC)
  const made: Doc[] = []
  let count = 0
  let next = low
  const fillUpTo = (end: Value): void => {
    while (compareValues(next, end) < 0 && compareValues(next, high) < 0) {
      if (--budget.left < 0)
        throw new ServerError(5897900, `Generated ${MAX_ADDED} documents in $densify, which is over the limit`)
      made.push(withValueAt(empty, path, next))
      next = step(low, ++count, next)
    }
  }
  for (const document of documents) {
    const value = plainValueAt(document, path)
    if (!isNullish(value)) {
      fillUpTo(value as Value)
      if (compareValues(next, value as Value) === 0) next = step(low, ++count, next)
    }
    made.push(document)
  }
  fillUpTo(high)
  return made
}
