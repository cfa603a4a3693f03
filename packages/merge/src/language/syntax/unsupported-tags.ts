import { notParsable, unsupported, type Refused } from '../refused.ts'
import type { Token } from './token.ts'

/** Tags of the wider language, and what to do instead. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['macro', 'Write the text where it is needed, or in a `for`.'],
  ['call', 'Write the text where it is needed, or in a `for`.'],
  ['block', 'Each template stands for itself: write its whole text.'],
  ['extends', 'Each template stands for itself: write its whole text.'],
  ['include', 'Each template stands for itself: write its whole text.'],
  ['import', 'Each template stands for itself: write its whole text.'],
  ['from', 'Each template stands for itself: write its whole text.'],
  ['filter', 'Write the filter behind a value: `{{ value | upper }}`.'],
  ['with', 'Give names with `set`.'],
  ['do', 'Give names with `set`.'],
  ['autoescape', 'Nothing is escaped: take the tag away.'],
  ['trans', 'Write the text itself.'],
  ['break', 'Write a condition: `{% for item in list if condition %}`.'],
  ['continue', 'Write a condition: `{% for item in list if condition %}`.'],
  ['debug', 'Print the value that you look for.'],
])

const KNOWN = new Set(['elif', 'else', 'endif', 'endfor', 'endraw', 'endset'])

/**
 * Why a tag cannot stand where it is.
 *
 * @param open The block around it, and the line where that began.
 */
export function refusalOfTag(
  { text, at }: Token,
  open: { readonly tag: string; readonly line: number; readonly ends: readonly string[] } | undefined,
): Refused {
  const instead = ELSEWHERE.get(text)
  if (instead !== undefined) return unsupported(at, `The tag \`${text}\` is not part of the language here`, instead)
  if (!KNOWN.has(text)) {
    return notParsable(
      at,
      `There is no tag \`${text}\``,
      'The tags are `for`, `if`, `set` and `raw`; `{% raw %}` lets text with braces stand as it is.',
    )
  }
  if (open === undefined) return notParsable(at, `\`${text}\` without a block that it belongs to`)
  const expected = open.ends.map((end) => `\`${end}\``).join(' or ')
  return notParsable(at, `\`${text}\` inside of the \`${open.tag}\` of line ${open.line}, which waits for ${expected}`)
}
