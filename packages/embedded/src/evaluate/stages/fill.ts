import {
  addNumbers,
  divideNumbers,
  double,
  isArray,
  isNumeric,
  multiplyNumbers,
  subtractNumbers,
  type Doc,
  type NumericValue,
  type Value,
} from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import type { Evaluate } from '../expression/types.ts'
import { fieldPath, plainValueAt, withValueAt } from '../paths.ts'
import { asNumber, isNullish } from '../values.ts'
import { docOr, onlyFields, requiredField } from './arguments.ts'
import { partition } from './partition.ts'
import type { CompileWholeStage, StageEnvironment } from './types.ts'

interface Filling {
  readonly path: readonly string[]
  readonly fill: (documents: readonly Doc[], path: readonly string[]) => readonly (Value | undefined)[]
}

export const compileFill: CompileWholeStage = (spec, environment, name) => {
  const fields = docOr(spec, 14, 'The $fill stage specification must be an object')
  onlyFields(fields, name, ['partitionBy', 'partitionByFields', 'sortBy', 'output'])
  const output = docOr(requiredField(fields, name, 'output'), 14, `'output' must be an object`)
  const sort = fields.get('sortBy')
  const sortBy = sort === undefined ? undefined : docOr(sort, 14, `'sortBy' must be an object`)
  const fillings = output.keys.map((path, i) => compileFilling(path, output.values[i] as Value, sortBy, environment))
  const by = partitionExpression(fields, environment)
  return function* (input) {
    for (const documents of partition(input, by, sortBy, environment.scope)) {
      const columns = fillings.map(({ path, fill }) => fill(documents, path))
      for (let i = 0; i < documents.length; i++) {
        yield fillings.reduce((document, { path }, k) => {
          const value = columns[k]?.[i]
          return value === undefined || !isNullish(plainValueAt(document, path))
            ? document
            : withValueAt(document, path, value)
        }, documents[i] as Doc)
      }
    }
  }
}

function partitionExpression(fields: Doc, { scope }: StageEnvironment): Evaluate | undefined {
  const by = fields.get('partitionBy')
  const names = fields.get('partitionByFields')
  if (by !== undefined && names !== undefined)
    throw new ServerError(6050204, `Maximum one of 'partitionBy' and 'partitionByFields can be specified in '$fill'`)
  if (by !== undefined) return scope.compile(by, scope).evaluate
  if (names === undefined) return undefined
  if (!isArray(names)) throw new ServerError(14, `'partitionByFields' must be an array`)
  return scope.compile(
    names.map((each) => `$${String(each)}`),
    scope,
  ).evaluate
}

function compileFilling(path: string, value: Value, sortBy: Doc | undefined, { scope }: StageEnvironment): Filling {
  const fields = docOr(
    value,
    6050202,
    `Each fill output specification must be an object with exactly one of 'method' and 'value'`,
  )
  onlyFields(fields, path, ['value', 'method'], 6050202)
  if (fields.size !== 1)
    throw new ServerError(6050202, `Each fill output specification must have exactly one of 'method' or 'value' fields`)
  const parts = fieldPath(path)
  const given = fields.get('value')
  if (given !== undefined) {
    const { evaluate } = scope.compile(given, scope)
    return { path: parts, fill: (documents) => documents.map(evaluate) }
  }
  const method = fields.get('method')
  if (method === 'locf') return { path: parts, fill: carryForward }
  if (method !== 'linear') throw new ServerError(6050202, `Method must be either locf or linear`)
  const [by] = sortBy?.keys ?? []
  if (by === undefined || sortBy?.size !== 1)
    throw new ServerError(
      605001,
      `$linearFill must be specified with a top level sortBy expression with exactly one element`,
    )
  const sortPath = fieldPath(by)
  return { path: parts, fill: (documents, at) => interpolate(documents, at, sortPath) }
}

/** The last value that is there; null before the first. */
function carryForward(documents: readonly Doc[], path: readonly string[]): readonly Value[] {
  let last: Value = null
  return documents.map((document) => {
    const value = plainValueAt(document, path)
    if (!isNullish(value)) last = value as Value
    return last
  })
}

/** Between two known values in proportion to the sort field; null outside them. */
function interpolate(
  documents: readonly Doc[],
  path: readonly string[],
  sortPath: readonly string[],
): readonly Value[] {
  const values = documents.map((document) => plainValueAt(document, path))
  const known = values.flatMap((value, i) => (isNullish(value) ? [] : [i]))
  return values.map((value, i) => {
    if (!isNullish(value)) return value as Value
    const before = known.findLast((k) => k < i)
    const after = known.find((k) => k > i)
    if (before === undefined || after === undefined) return null
    const [x0, x, x1] = [before, i, after].map((k) => positionOf(plainValueAt(documents[k] as Doc, sortPath))) as [
      number,
      number,
      number,
    ]
    const [y0, y1] = [numberOf(values[before]), numberOf(values[after])]
    const slope = divideNumbers(subtractNumbers(y1, y0) as NumericValue, double(x1 - x0))
    return addNumbers(y0, multiplyNumbers(slope, double(x - x0)) as NumericValue) ?? null
  })
}

function numberOf(value: Value | undefined): NumericValue {
  if (isNumeric(value)) return value
  throw new ServerError(605001, `Value to be filled must be numeric or nullish`)
}

function positionOf(value: Value | undefined): number {
  const position = value instanceof Date ? value.getTime() : asNumber(value)
  if (position === undefined) throw new ServerError(605001, `$linearFill must be sorted by a numeric or date value`)
  return position
}
