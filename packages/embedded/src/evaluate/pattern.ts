import { compilePcre } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'

export interface PatternMatch {
  readonly text: string
  /** Where it begins, in UTF-16 units. */
  readonly index: number
  /** The pattern's capturing groups; one that took no part is `undefined`. */
  readonly captures: readonly (string | undefined)[]
}

/** A compiled regular expression. */
export interface Pattern {
  readonly test: (text: string) => boolean
  readonly first: (text: string) => PatternMatch | undefined
  readonly all: (text: string) => readonly PatternMatch[]
}

/** Compiles a PCRE pattern with MongoDB's options; what cannot be translated faithfully is refused with 51091. */
export function compilePattern(pattern: string, options: string): Pattern {
  const compiled = compilePcre(pattern, options)
  if (!compiled.ok) throw new ServerError(51091, `Regular expression is invalid: ${compiled.error}`)
  const { regex, groups } = compiled.value
  const global = new RegExp(regex.source, `${regex.flags}g`)
  const read = (match: RegExpExecArray): PatternMatch => ({
    text: match[0],
    index: match.index,
    captures: groups.map((group) => match[group]),
  })
  return {
    test: (text) => regex.test(text),
    first: (text) => {
      const match = regex.exec(text)
      return match === null ? undefined : read(match)
    },
    all: (text) => Array.from(text.matchAll(global), read),
  }
}
