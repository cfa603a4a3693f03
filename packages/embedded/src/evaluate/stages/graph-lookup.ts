import { isArray, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { compileFilterIn } from '../compile-filter.ts'
import { fieldPath, valueAt, withValueAt } from '../paths.ts'
import { asSafeInteger, keyIn } from '../values.ts'
import { docOr, onlyFields, textOr } from './arguments.ts'
import { indexBy } from './join.ts'
import type { CompileWholeStage } from './types.ts'

const FIELDS = [
  'from',
  'startWith',
  'connectFromField',
  'connectToField',
  'as',
  'maxDepth',
  'depthField',
  'restrictSearchWithMatch',
]

export const compileGraphLookup: CompileWholeStage = (spec, { scope, sources }, name) => {
  const fields = docOr(spec, 40327, 'the $graphLookup stage specification must be an object')
  onlyFields(fields, name, FIELDS, 40104)
  const text = (field: string): string => textOr(fields.get(field), 40103, `expected string as argument for ${field}`)
  const start = fields.get('startWith')
  if (start === undefined)
    throw new ServerError(
      40105,
      `$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and 'connectToField' to be specified.`,
    )
  for (const required of ['from', 'as', 'connectFromField', 'connectToField']) {
    if (!fields.has(required)) throw new ServerError(40105, `$graphLookup requires '${required}' to be specified.`)
  }
  const evaluate = scope.compile(start, scope).evaluate
  const [from, as] = [text('from'), fieldPath(text('as'))]
  const [connectFrom, connectTo] = [fieldPath(text('connectFromField')), fieldPath(text('connectToField'))]
  const depthField = fields.has('depthField') ? fieldPath(text('depthField')) : undefined
  const maxDepth = depthOf(fields)
  const restriction = fields.get('restrictSearchWithMatch')
  const accepts =
    restriction === undefined
      ? () => true
      : compileFilterIn(docOr(restriction, 40185, 'restrictSearchWithMatch must be an object'), scope)
  const key = keyIn(scope.context.collation)
  return function* (input) {
    let index: ReturnType<typeof indexBy> | undefined
    for (const document of input) {
      const search = (index ??= indexBy([...sources.read(from)].filter(accepts), connectTo, key))
      const found = walk(startValues(evaluate(document)), search, connectFrom, maxDepth, key)
      yield withValueAt(
        document,
        as,
        found.map(({ node, depth }) =>
          depthField === undefined ? node : withValueAt(node, depthField, BigInt(depth)),
        ),
      )
    }
  }
}

function depthOf(fields: Doc): number {
  const given = fields.get('maxDepth')
  if (given === undefined) return Number.POSITIVE_INFINITY
  const depth = asSafeInteger(given)
  if (depth === undefined) throw new ServerError(40100, 'maxDepth must be numeric and an integer')
  if (depth < 0) throw new ServerError(40101, `maxDepth requires a nonnegative argument, found: ${depth}`)
  return depth
}

const startValues = (value: Value | undefined): readonly Value[] =>
  isArray(value) ? value : value === undefined ? [] : [value]

interface Found {
  readonly node: Doc
  readonly depth: number
}

/** Breadth first; each document is visited once, at its least depth. */
function walk(
  start: readonly Value[],
  search: ReturnType<typeof indexBy>,
  connectFrom: readonly string[],
  maxDepth: number,
  key: (value: Value) => string,
): readonly Found[] {
  const visited = new Set<Doc>()
  const asked = new Set<string>()
  const found: Found[] = []
  let frontier = start
  for (let depth = 0; depth <= maxDepth && frontier.length > 0; depth++) {
    const fresh = frontier.filter((value) => {
      const k = key(value)
      if (asked.has(k)) return false
      asked.add(k)
      return true
    })
    const next: Value[] = []
    for (const node of search.matching(fresh)) {
      if (visited.has(node)) continue
      visited.add(node)
      found.push({ node, depth })
      next.push(...startValues(valueAt(node, connectFrom)))
    }
    frontier = next
  }
  return found
}
