import { Doc, isRegex, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { compilePattern, type Pattern, type PatternMatch } from '../pattern.ts'
import { isNullish, typeOf } from '../values.ts'
import { named } from './builders.ts'
import type { CompileOperator } from './types.ts'

type MaybeValue = Value | undefined

/** Compiled patterns by source: nearly always a constant, but the grammar allows one per document. */
const MAX_CACHED = 100

function patternCache(): (regex: MaybeValue, options: MaybeValue, name: string) => Pattern {
  const cache = new Map<string, Pattern>()
  return (regex, options, name) => {
    const given = isNullish(options) ? '' : options
    if (typeof given !== 'string') throw new ServerError(51106, `${name} needs 'options' to be of type string`)
    if (typeof regex !== 'string' && !isRegex(regex))
      throw new ServerError(51105, `${name} needs 'regex' to be of type string or regex`)
    const source = typeof regex === 'string' ? regex : regex.pattern
    const own = typeof regex === 'string' ? '' : regex.options
    if (own !== '' && given !== '')
      throw new ServerError(51107, `${name}: found regex option(s) specified in both 'regex' and 'option' fields`)
    const flags = own === '' ? given : own
    const key = `${flags}/${source}`
    let pattern = cache.get(key)
    if (pattern === undefined) {
      if (cache.size >= MAX_CACHED) cache.clear()
      cache.set(key, (pattern = compilePattern(source, flags)))
    }
    return pattern
  }
}

const overMatches = (empty: Value, result: (text: string, pattern: Pattern) => Value): CompileOperator => {
  const patternOf = patternCache()
  return named(
    ['input', 'regex'],
    ['options'],
    { notObject: 51103, unknown: 31024, missing: { input: 31022, regex: 31023 } },
    ({ input, regex, options }, name) => {
      if (!isNullish(input) && typeof input !== 'string')
        throw new ServerError(51104, `${name} needs 'input' to be of type string, not ${typeOf(input)}`)
      if (isNullish(input) || isNullish(regex)) return empty
      return result(input as string, patternOf(regex, options, name))
    },
  )
}

/** `idx` counts code points; a group that took no part is null. */
function describe(text: string, match: PatternMatch): Doc {
  const index = [...text.slice(0, match.index)].length
  return new Doc(['match', 'idx', 'captures'], [match.text, index, match.captures.map((group) => group ?? null)])
}

export const REGEX: Readonly<Record<string, CompileOperator>> = {
  $regexMatch: overMatches(false, (text, pattern) => pattern.test(text)),
  $regexFind: overMatches(null, (text, pattern) => {
    const match = pattern.first(text)
    return match === undefined ? null : describe(text, match)
  }),
  $regexFindAll: overMatches([], (text, pattern) => pattern.all(text).map((match) => describe(text, match))),
}
