import { Doc, compareValues, isArray, isDoc, typeRank, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import type { Accumulation } from '../accumulate/accumulators.ts'
import type { Scope } from '../expression/types.ts'
import { TURN } from '../turn.ts'
import { asSafeInteger, orderIn } from '../values.ts'
import { docOr, onlyFields } from './arguments.ts'
import { compileOutputs } from './group.ts'
import type { CompileStage, CompileWholeStage } from './types.ts'

const COUNT = new Doc(['count'], [new Doc(['$sum'], [1])])

function outputsOf(spec: Doc, scope: Scope, code: number): ReturnType<typeof compileOutputs> {
  const output = spec.get('output')
  return compileOutputs(
    output === undefined ? COUNT : docOr(output, code, `The 'output' field must be an object`),
    scope,
  )
}

function groupByOf(spec: Doc, scope: Scope, name: string, code: number): ReturnType<Scope['compile']>['evaluate'] {
  const groupBy = spec.get('groupBy')
  const allowed = (typeof groupBy === 'string' && groupBy.startsWith('$')) || isDoc(groupBy)
  if (groupBy === undefined || !allowed)
    throw new ServerError(code, `The ${name} 'groupBy' field must be defined as a $-prefixed path or an expression`)
  return scope.compile(groupBy, scope).evaluate
}

function boundariesOf(spec: Doc, scope: Scope): readonly Value[] {
  const list = spec.get('boundaries')
  if (!isArray(list)) throw new ServerError(40200, `The $bucket 'boundaries' field must be an array`)
  const boundaries = list.map((each) => {
    const compiled = scope.compile(each, scope)
    if (!compiled.constant)
      throw new ServerError(40191, `The $bucket 'boundaries' field must be an array of constant values`)
    return compiled.evaluate(COUNT) ?? null
  })
  if (boundaries.length < 2)
    throw new ServerError(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${boundaries.length}`,
    )
  for (let i = 1; i < boundaries.length; i++) {
    const [low, high] = [boundaries[i - 1] as Value, boundaries[i] as Value]
    if (typeRank(low) !== typeRank(high))
      throw new ServerError(40193, `All values in the 'boundaries' option to $bucket must have the same type`)
    if (compareValues(low, high) >= 0)
      throw new ServerError(40194, `The 'boundaries' option to $bucket must be sorted in ascending order`)
  }
  return boundaries
}

export const compileBucket: CompileStage = (spec, { scope }, name) => {
  const fields = docOr(spec, 40201, `Argument to $bucket stage must be an object`)
  onlyFields(fields, name, ['groupBy', 'boundaries', 'default', 'output'], 40197)
  const groupBy = groupByOf(fields, scope, name, 40202)
  const boundaries = boundariesOf(fields, scope)
  const outputs = outputsOf(fields, scope, 40196)
  const order = orderIn(scope.context.collation)
  const otherwise = fields.get('default')
  const last = boundaries[boundaries.length - 1] as Value
  if (otherwise !== undefined && order(otherwise, boundaries[0]) >= 0 && order(otherwise, last) < 0) {
    throw new ServerError(
      40199,
      `The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.`,
    )
  }
  const bucketOf = (value: Value | undefined): Value => {
    for (let i = boundaries.length - 2; i >= 0; i--) {
      if (order(value, boundaries[i]) >= 0 && order(value, boundaries[i + 1]) < 0) return boundaries[i] as Value
    }
    if (otherwise !== undefined) return otherwise
    throw new ServerError(40066, `$switch could not find a matching branch for an input, and no default was specified.`)
  }
  return function* (input) {
    const buckets = new Map<Value, readonly Accumulation[]>()
    for (const document of input) {
      if (document === TURN) {
        yield TURN
        continue
      }
      const id = bucketOf(groupBy(document))
      let accumulations = buckets.get(id)
      if (accumulations === undefined) buckets.set(id, (accumulations = outputs.map(({ start }) => start())))
      for (const each of accumulations) each.add(document)
    }
    const inOrder = [...buckets].sort(([a], [b]) => order(a, b))
    for (const [id, accumulations] of inOrder) yield resultOf(id, outputs, accumulations)
  }
}

const resultOf = (id: Value, outputs: ReturnType<typeof compileOutputs>, accumulations: readonly Accumulation[]): Doc =>
  new Doc(['_id', ...outputs.map(({ name }) => name)], [id, ...accumulations.map((each) => each.result())])

export const compileBucketAuto: CompileWholeStage = (spec, { scope }, name) => {
  const fields = docOr(spec, 40240, `The argument to $bucketAuto must be an object`)
  onlyFields(fields, name, ['groupBy', 'buckets', 'output', 'granularity'], 40245)
  if (fields.has('granularity'))
    throw new ServerError(115, `'granularity' of $bucketAuto is not supported by the embedded server`)
  const groupBy = groupByOf(fields, scope, name, 40239)
  const count = asSafeInteger(fields.get('buckets'))
  if (count === undefined) throw new ServerError(40241, `The $bucketAuto 'buckets' field must be a numeric value`)
  if (count <= 0)
    throw new ServerError(40243, `The $bucketAuto 'buckets' field must be greater than 0, but found: ${count}`)
  const outputs = outputsOf(fields, scope, 40244)
  const order = orderIn(scope.context.collation)
  return function* (input) {
    const sorted = Array.from(input, (document) => ({ document, key: groupBy(document) ?? null })).sort((a, b) =>
      order(a.key, b.key),
    )
    const size = Math.max(1, Math.round(sorted.length / count))
    for (let from = 0, made = 1; from < sorted.length; made++) {
      let to = made === count ? sorted.length : Math.min(sorted.length, from + size)
      // Equal values stay together.
      while (to < sorted.length && order(sorted[to]?.key, sorted[to - 1]?.key) === 0) to++
      const members = sorted.slice(from, to)
      const accumulations = outputs.map(({ start }) => start())
      for (const { document } of members) for (const each of accumulations) each.add(document)
      const min = members[0]?.key ?? null
      const max = (to < sorted.length ? sorted[to] : members[members.length - 1])?.key ?? null
      yield resultOf(new Doc(['min', 'max'], [min, max]), outputs, accumulations)
      from = to
    }
  }
}
