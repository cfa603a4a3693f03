import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { fieldPath, plainValueAt, withValueAt, withoutValueAt } from '../paths.ts'
import { isNullish, typeOf } from '../values.ts'
import { dollarPath, onlyFields } from './arguments.ts'
import type { CompileStage } from './types.ts'
import { TURN } from '../turn.ts'

interface Unwind {
  readonly path: readonly string[]
  readonly index: readonly string[] | undefined
  readonly keepEmpty: boolean
}

function readSpec(spec: Value): Unwind {
  if (typeof spec === 'string') return { path: unwindPath(spec), index: undefined, keepEmpty: false }
  if (!isDoc(spec))
    throw new ServerError(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeOf(spec)}`,
    )
  onlyFields(spec, '$unwind', ['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'], 28811)
  const path = spec.get('path')
  if (path === undefined) throw new ServerError(28812, 'no path specified to $unwind stage')
  const keepEmpty = spec.get('preserveNullAndEmptyArrays') ?? false
  if (typeof keepEmpty !== 'boolean')
    throw new ServerError(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeOf(keepEmpty)}`,
    )
  return { path: unwindPath(path), index: indexPath(spec.get('includeArrayIndex')), keepEmpty }
}

const unwindPath = (path: Value): readonly string[] => {
  if (typeof path !== 'string')
    throw new ServerError(28808, `expected a string as the path for $unwind stage, got ${typeOf(path)}`)
  return dollarPath(path, 28818, `path option to $unwind stage should be prefixed with a '$': ${path}`)
}

function indexPath(name: Value | undefined): readonly string[] | undefined {
  if (name === undefined) return undefined
  if (typeof name !== 'string' || name === '')
    throw new ServerError(28810, `expected a non-empty string for the includeArrayIndex option to $unwind stage`)
  if (name.startsWith('$'))
    throw new ServerError(28822, `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${name}`)
  return fieldPath(name)
}

export const compileUnwind: CompileStage = (spec) => {
  const unwind = readSpec(spec)
  return function* (input) {
    for (const item of input) {
      if (item === TURN) yield item
      else yield* unwound(item, unwind)
    }
  }
}

/** One document per element; a value that is no array counts as one element without an index. */
function* unwound(document: Doc, { path, index, keepEmpty }: Unwind): Iterable<Doc> {
  const value = plainValueAt(document, path)
  const withIndex = (result: Doc, position: bigint | null): Doc =>
    index === undefined ? result : withValueAt(result, index, position)
  if (isArray(value) && value.length > 0) {
    for (let i = 0; i < value.length; i++) yield withIndex(withValueAt(document, path, value[i] as Value), BigInt(i))
  } else if (isArray(value)) {
    if (keepEmpty) yield withIndex(withoutValueAt(document, path), null)
  } else if (!isNullish(value) || keepEmpty) yield withIndex(document, null)
}
