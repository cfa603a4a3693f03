import type { Doc } from '@stage0/bson-schema'
import { isArray, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { ACCUMULATORS, type Accumulation } from '../accumulate/accumulators.ts'
import { compileSort } from '../compile-sort.ts'
import type { DocCompare } from '../contract.ts'
import type { Scope } from '../expression/types.ts'
import { fieldPath, withValueAt } from '../paths.ts'
import { asSafeInteger } from '../values.ts'
import { docOr, onlyFields, requiredField } from './arguments.ts'
import { partition } from './partition.ts'
import type { CompileWholeStage } from './types.ts'

/** Computes one output field for each document of a sorted partition. */
type WindowFunction = (documents: readonly Doc[]) => readonly Value[]

/** Positions relative to the current document; `undefined` is unbounded. */
interface Bounds {
  readonly low: number | undefined
  readonly high: number | undefined
}

/** Accumulators that may stand over a window. */
const WINDOW_ACCUMULATORS = new Set([
  '$sum',
  '$avg',
  '$min',
  '$max',
  '$first',
  '$last',
  '$push',
  '$addToSet',
  '$count',
  '$stdDevPop',
  '$stdDevSamp',
  '$firstN',
  '$lastN',
  '$minN',
  '$maxN',
  '$top',
  '$topN',
  '$bottom',
  '$bottomN',
])

export const compileWindowFields: CompileWholeStage = (spec, { scope }, name) => {
  const fields = docOr(spec, 9, `the $setWindowFields stage specification must be an object`)
  onlyFields(fields, name, ['partitionBy', 'sortBy', 'output'])
  const by = fields.get('partitionBy')
  const evaluate = by === undefined ? undefined : scope.compile(by, scope).evaluate
  const sort = fields.get('sortBy')
  const sortBy = sort === undefined ? undefined : docOr(sort, 14, `'sortBy' must be an object`)
  const order = sortBy === undefined ? undefined : compileSort(sortBy, scope.context)
  const output = docOr(requiredField(fields, name, 'output'), 14, `'output' must be an object`)
  const outputs = output.keys.map((path, i) => ({
    path: fieldPath(path),
    compute: compileWindowFunction(
      docOr(output.values[i], 9, `the function of '${path}' must be an object`),
      scope,
      order,
    ),
  }))
  return function* (input) {
    for (const documents of partition(input, evaluate, sortBy, scope)) {
      const columns = outputs.map(({ compute }) => compute(documents))
      for (let i = 0; i < documents.length; i++) {
        yield outputs.reduce(
          (document, { path }, k) => withValueAt(document, path, columns[k]?.[i] ?? null),
          documents[i] as Doc,
        )
      }
    }
  }
}

function compileWindowFunction(spec: Doc, scope: Scope, order: DocCompare | undefined): WindowFunction {
  const operator = spec.keys.find((key) => key.startsWith('$'))
  if (operator === undefined) throw new ServerError(9, 'Expected a $-prefixed window function')
  onlyFields(spec, '$setWindowFields.output', [operator, 'window'], 9)
  const argument = spec.get(operator) as Value
  const ranking = RANKINGS.get(operator)
  if (ranking !== undefined) {
    if (spec.has('window')) throw new ServerError(5371601, `Rank style window functions take no other arguments`)
    return ranking(argument, scope, sorted(order, operator))
  }
  const compile = WINDOW_ACCUMULATORS.has(operator) ? ACCUMULATORS.get(operator) : undefined
  if (compile === undefined) throw new ServerError(9, `Unrecognized window function, ${operator}`)
  const start = compile(argument, scope, operator)
  const bounds = boundsOf(spec.get('window'), order)
  return (documents) => accumulate(documents, start, bounds)
}

function sorted(order: DocCompare | undefined, name: string): DocCompare {
  if (order === undefined)
    throw new ServerError(5371602, `${name} must be specified with a top level sortBy expression`)
  return order
}

function boundsOf(window: Value | undefined, order: DocCompare | undefined): Bounds {
  if (window === undefined) return { low: undefined, high: undefined }
  const fields = docOr(window, 9, `'window' field must be an object`)
  onlyFields(fields, 'window', ['documents', 'range', 'unit'], 9)
  if (fields.has('range') || fields.has('unit'))
    throw new ServerError(115, `'range' windows are not supported by the embedded server`)
  const pair = fields.get('documents')
  if (pair === undefined) return { low: undefined, high: undefined }
  if (!isArray(pair) || pair.length !== 2) throw new ServerError(9, `Window bounds must be a 2-element array`)
  const bound = (value: Value | undefined): number | undefined => {
    if (value === 'unbounded') return undefined
    if (value === 'current') return 0
    const n = asSafeInteger(value)
    if (n === undefined)
      throw new ServerError(9, `Numeric document-based bounds must be an integer, "current" or "unbounded"`)
    return n
  }
  const bounds = { low: bound(pair[0]), high: bound(pair[1]) }
  if (bounds.low !== undefined && bounds.high !== undefined && bounds.low > bounds.high)
    throw new ServerError(5339900, `Lower bound must not exceed upper bound`)
  if (order === undefined && (bounds.low !== undefined || bounds.high !== undefined))
    throw new ServerError(5339901, `Document-based bounds require a sortBy`)
  return bounds
}

function accumulate(documents: readonly Doc[], start: () => Accumulation, { low, high }: Bounds): readonly Value[] {
  if (low === undefined && (high === undefined || high === 0)) {
    const running = start()
    if (high === undefined) {
      for (const document of documents) running.add(document)
      const result = running.result()
      return documents.map(() => result)
    }
    return documents.map((document) => {
      running.add(document)
      const result = running.result()
      // A list that grows would change under the documents that hold it.
      return isArray(result) ? [...result] : result
    })
  }
  return documents.map((_document, i) => {
    const accumulation = start()
    const from = low === undefined ? 0 : Math.max(0, i + low)
    const to = high === undefined ? documents.length - 1 : Math.min(documents.length - 1, i + high)
    for (let k = from; k <= to; k++) accumulation.add(documents[k] as Doc)
    return accumulation.result()
  })
}

type CompileRanking = (argument: Value, scope: Scope, order: DocCompare) => WindowFunction

function noArgument(argument: Value, name: string): void {
  if (!isDoc(argument) || argument.size > 0)
    throw new ServerError(5371603, `(None) ${name} must be specified with '{}' as the value`)
}

const RANKINGS: ReadonlyMap<string, CompileRanking> = new Map<string, CompileRanking>([
  [
    '$documentNumber',
    (argument) => {
      noArgument(argument, '$documentNumber')
      return (documents) => documents.map((_document, i) => i + 1)
    },
  ],
  ['$rank', (argument, _scope, order) => rank(argument, '$rank', order, (_before, i) => i + 1)],
  ['$denseRank', (argument, _scope, order) => rank(argument, '$denseRank', order, (before) => before + 1)],
  ['$shift', (argument, scope) => shift(argument, scope)],
])

function rank(
  argument: Value,
  name: string,
  order: DocCompare,
  next: (before: number, i: number) => number,
): WindowFunction {
  noArgument(argument, name)
  return (documents) => {
    let current = 0
    return documents.map((document, i) => {
      if (i === 0 || order(documents[i - 1] as Doc, document) !== 0) current = next(current, i)
      return current
    })
  }
}

function shift(argument: Value, scope: Scope): WindowFunction {
  const fields = docOr(argument, 9, `Argument to $shift must be an object`)
  onlyFields(fields, '$shift', ['output', 'by', 'default'], 9)
  const by = asSafeInteger(fields.get('by'))
  if (by === undefined) throw new ServerError(9, `'$shift:by' field must be an integer`)
  const output = scope.compile(requiredField(fields, '$shift', 'output', 9), scope).evaluate
  const otherwise = fields.get('default') ?? null
  return (documents) =>
    documents.map((_document, i) => {
      const other = documents[i + by]
      return other === undefined ? otherwise : (output(other) ?? null)
    })
}

/** Names for the support page. */
export const WINDOW_FUNCTIONS: readonly string[] = [...WINDOW_ACCUMULATORS, ...RANKINGS.keys()]
