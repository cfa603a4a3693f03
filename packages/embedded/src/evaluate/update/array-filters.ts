import { isArray, isDoc, Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { compileFilter } from '../compile-filter.ts'
import type { EvaluationContext } from '../contract.ts'
import { isElementSelector, updatePath } from './tree.ts'
import type { ArrayFilters } from './types.ts'

const IDENTIFIER = /^[a-z][a-zA-Z0-9]*$/

/** Compiles `arrayFilters`; every filter must be about one identifier, and every identifier must be used by a path. */
export function compileArrayFilters(
  filters: readonly Doc[],
  paths: readonly string[],
  context: EvaluationContext,
): ArrayFilters {
  const compiled = new Map<string, (element: Value) => boolean>()
  for (const filter of filters) {
    const identifier = identifierOf(filter)
    if (compiled.has(identifier)) {
      throw new ServerError(9, `Found multiple array filters with the same top-level field name ${identifier}`)
    }
    const matches = compileFilter(filter, context)
    compiled.set(identifier, (element) => matches(new Doc([identifier], [element])))
  }
  const used = new Set(paths.flatMap(selectorsOf))
  for (const identifier of used) {
    if (!compiled.has(identifier)) {
      throw new ServerError(
        2,
        `No array filter found for identifier '${identifier}' in path '${paths.find((path) => selectorsOf(path).includes(identifier))}'`,
      )
    }
  }
  for (const identifier of compiled.keys()) {
    if (!used.has(identifier)) {
      throw new ServerError(9, `The array filter for identifier '${identifier}' was not used in the update`)
    }
  }
  return compiled
}

const selectorsOf = (path: string): string[] =>
  updatePath(path).flatMap((part) => (isElementSelector(part) && part !== '$[]' ? [part.slice(2, -1)] : []))

function identifierOf(filter: Doc): string {
  const names = new Set(topLevelNames(filter))
  const [only] = names
  if (only === undefined)
    throw new ServerError(9, 'Cannot use an expression without a top-level field name in arrayFilters')
  if (names.size > 1) {
    throw new ServerError(
      9,
      `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${[...names].join("' and '")}'`,
    )
  }
  if (!IDENTIFIER.test(only)) {
    throw new ServerError(
      2,
      `The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${only}'`,
    )
  }
  return only
}

function topLevelNames(filter: Doc): string[] {
  return filter.keys.flatMap((key, i): string[] => {
    const operand = filter.values[i] as Value
    if (!key.startsWith('$')) return [key.split('.')[0] as string]
    return isArray(operand) ? operand.flatMap((each) => (isDoc(each) ? topLevelNames(each) : [])) : []
  })
}
