import { plainKindOf } from './plain-kind.ts'

export type ScalarStyle = 'plain' | 'single' | 'double'

/** Anything but printable ASCII and line feeds is written as an escape. */
const NEEDS_ESCAPES = /[^\n -~]/
/** Single quotes fold at line ends, so white space beside of one would be lost. */
const SPACE_AT_LINE_END = / \n|\n /
const NEVER_PLAIN = /^[ #,[\]{}&*!|>'"%@`]|^[-?:](?: |$)|^---|^\.\.\.|: | #|:$| $|\n/

/** Breaks of lines as YAML 1.1 knows them. */
const HAS_BREAK = /[\n\u0085\u2028\u2029]/
export const isMultiline = (text: string): boolean => HAS_BREAK.test(text)

/** How a text is written: as plainly as it reads back as the same text. */
export function styleOfText(text: string, isKey: boolean): ScalarStyle {
  if (NEEDS_ESCAPES.test(text) || SPACE_AT_LINE_END.test(text)) return 'double'
  if (text.includes('\n')) return isKey ? 'double' : 'single'
  return NEVER_PLAIN.test(text) || plainKindOf(text) !== 'str' ? 'single' : 'plain'
}
