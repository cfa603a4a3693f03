import { Doc, docOf, isArray, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { compileFilterIn } from '../compile-filter.ts'
import { sortDocuments, compileSort } from '../compile-sort.ts'
import { applyComputed, applyExclusion } from '../projection/apply.ts'
import { compileComputedFields, compileFieldProjection } from '../projection/parse.ts'
import { addLeaf, newBranch } from '../projection/tree.ts'
import { show } from '../show.ts'
import { asSafeInteger, typeOf } from '../values.ts'
import { docOr, onlyFields } from './arguments.ts'
import { gathered, TURN } from '../turn.ts'
import { perDocument, type CompileStage, type CompileWholeStage } from './types.ts'

const compileMatch: CompileStage = (spec, { scope }) => {
  const matches = compileFilterIn(docOr(spec, 15959, 'the match filter must be an expression in an object'), scope)
  return function* (input) {
    for (const item of input) if (item === TURN || matches(item)) yield item
  }
}

const compileProject: CompileStage = (spec, { scope }) => {
  const fields = docOr(spec, 15969, '$project specification must be an object')
  if (fields.size === 0)
    throw new ServerError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    )
  return perDocument(compileFieldProjection(fields, scope))
}

const compileAddFields: CompileStage = (spec, { scope }, name) => {
  const fields = docOr(spec, 40272, `${name} specification stage must be an object`)
  if (fields.size === 0)
    throw new ServerError(40177, `Invalid ${name} :: caused by :: specification must have at least one field`)
  const tree = compileComputedFields(fields, scope)
  return perDocument((document) => applyComputed(document, tree, document))
}

const compileUnset: CompileStage = (spec) => {
  const names = isArray(spec) ? spec : [spec]
  if (names.length === 0)
    throw new ServerError(31119, '$unset specification must be a string or an array with at least one field')
  const tree = newBranch()
  for (const name of names) {
    if (typeof name !== 'string') {
      throw isArray(spec)
        ? new ServerError(31120, '$unset specification must be a string or an array containing only string values')
        : new ServerError(31002, '$unset specification must be a string or an array')
    }
    addLeaf(tree, name, { kind: 'exclude' })
  }
  const plain = [...tree.fields].every(([, node]) => node.kind === 'exclude')
  if (!plain) return perDocument((document) => applyExclusion(document, tree, document))
  return perDocument((document) =>
    document.keys.some((key) => tree.fields.has(key)) ? applyExclusion(document, tree, document) : document,
  )
}

const replaceRoot = (
  newRoot: Value,
  name: string,
  scope: Parameters<CompileStage>[1]['scope'],
): ReturnType<CompileStage> => {
  const { evaluate } = scope.compile(newRoot, scope)
  return perDocument((document) => {
    const root = evaluate(document)
    if (isDoc(root)) return root
    throw new ServerError(
      40228,
      `${name === '$replaceRoot' ? "'newRoot' expression" : "'replacement document'"} must evaluate to an object, but resulting value was: ${show(root)}. Type of resulting value: '${typeOf(root)}'.`,
    )
  })
}

const compileReplaceRoot: CompileStage = (spec, { scope }, name) => {
  const fields = docOr(spec, 40229, 'expected an object as specification for $replaceRoot stage')
  for (const key of fields.keys)
    if (key !== 'newRoot') throw new ServerError(40230, `unrecognized option to $replaceRoot stage: ${key}`)
  const newRoot = fields.get('newRoot')
  if (newRoot === undefined) throw new ServerError(40231, "no 'newRoot' specified for the $replaceRoot stage")
  return replaceRoot(newRoot, name, scope)
}

const compileLimit: CompileStage = (spec) => {
  const limit = asSafeInteger(spec)
  if (limit === undefined)
    throw new ServerError(2107201, `invalid argument to $limit stage: Expected an integer: $limit: ${show(spec)}`)
  if (limit < 0)
    throw new ServerError(
      2107201,
      `invalid argument to $limit stage: Expected a non-negative number in: $limit: ${limit}`,
    )
  if (limit === 0) throw new ServerError(15958, 'the limit must be positive')
  return function* (input) {
    let left = limit
    for (const item of input) {
      yield item
      if (item !== TURN && --left === 0) return
    }
  }
}

const compileSkip: CompileStage = (spec) => {
  const skip = asSafeInteger(spec)
  if (skip === undefined)
    throw new ServerError(2107200, `invalid argument to $skip stage: Expected an integer: $skip: ${show(spec)}`)
  if (skip < 0)
    throw new ServerError(2107200, `invalid argument to $skip stage: Expected a non-negative number in: $skip: ${skip}`)
  return function* (input) {
    let left = skip
    for (const item of input) {
      if (item === TURN || left === 0) yield item
      else left--
    }
  }
}

const compileSortStage: CompileStage = (spec, { scope }) => {
  const pattern = docOr(spec, 15973, 'the $sort key specification must be an object')
  if (pattern.size === 0) throw new ServerError(15976, '$sort stage must have at least one sort key')
  compileSort(pattern, scope.context)
  return function* (input) {
    yield* sortDocuments(yield* gathered(input), pattern, scope.context)
  }
}

const compileCount: CompileStage = (spec) => {
  if (typeof spec !== 'string') throw new ServerError(40156, `the count field must be a non-empty string`)
  if (spec === '') throw new ServerError(40157, 'the count field must be a non-empty string')
  if (spec.startsWith('$')) throw new ServerError(40158, `the count field cannot be a $-prefixed path`)
  if (spec.includes('\0')) throw new ServerError(40159, 'the count field cannot contain a null byte')
  if (spec.includes('.')) throw new ServerError(40160, `the count field cannot contain '.'`)
  return function* (input) {
    let count = 0
    for (const item of input) {
      if (item === TURN) yield item
      else count++
    }
    if (count > 0) yield new Doc([spec], [count])
  }
}

export const compileSample: CompileWholeStage = (spec, { scope }) => {
  const fields = docOr(spec, 28745, 'the $sample stage specification must be an object')
  onlyFields(fields, '$sample', ['size'], 28748)
  const size = asSafeInteger(fields.get('size'))
  if (size === undefined) throw new ServerError(28746, 'size argument to $sample must be a number')
  if (size <= 0) throw new ServerError(28747, 'size argument to $sample must be a positive integer')
  const random = scope.context.random ?? Math.random
  return (input) => {
    const documents = Array.from(input, (document) => ({ document, rank: random() }))
    return documents
      .sort((a, b) => a.rank - b.rank)
      .slice(0, size)
      .map(({ document }) => document)
  }
}

export const compileDocuments: CompileWholeStage = (spec, { scope }) => {
  const { evaluate } = scope.compile(spec, scope)
  return function* () {
    const list = evaluate(docOf([]))
    if (!isArray(list)) throw new ServerError(5858203, `an array is expected for $documents, found: ${typeOf(list)}`)
    for (const each of list) yield docOr(each, 40228, '$documents must be a list of objects')
  }
}

export const BASIC_STAGES: Readonly<Record<string, CompileStage>> = {
  $match: compileMatch,
  $project: compileProject,
  $addFields: compileAddFields,
  $set: compileAddFields,
  $unset: compileUnset,
  $replaceRoot: compileReplaceRoot,
  $replaceWith: (spec, { scope }, name) => replaceRoot(spec, name, scope),
  $limit: compileLimit,
  $skip: compileSkip,
  $sort: compileSortStage,
  $count: compileCount,
}
