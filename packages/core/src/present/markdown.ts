/**
 * Text of unknown origin in Markdown of a code host. Names of collections and fields, stored values and messages of
 * servers can hold anything: nothing of it becomes markup, a link, a mention of a person or of an issue, or text that
 * reads in another direction than it stands.
 */

/** Control characters, marks that turn the direction of writing, line and paragraph separators. */
const UNSEEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g
/** A space of no width: a code host then sees neither a name to mention nor the number of an issue. */
const APART = '&#8203;'
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '@': `@${APART}`,
  '#': `#${APART}`,
}

const shown = (text: string): string =>
  text.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Text on one line, with what cannot be seen made visible. */
const oneLine = (text: string): string => shown(text.replace(/\s*[\r\n]+\s*/g, ' ').replaceAll('\t', ' ')).trim()

const asEntities = (text: string): string => text.replace(/[&<>"@#]/g, (character) => ENTITIES[character] ?? character)

/** For the text of a line, of a heading, of a list item or of a cell. */
export function inline(text: string): string {
  const marked = oneLine(text).replace(/[\\`*_[\]|~]/g, '\\$&')
  // What would begin a list, and what a code host makes a link of.
  const begun = marked.replace(/^([-+]|\d+[.)])(?=\s|$)/, (mark) => `${mark.slice(0, -1)}\\${mark.slice(-1)}`)
  return asEntities(begun.replaceAll('://', ':\\/\\/').replace(/\bwww\./gi, (mark) => `${mark.slice(0, -1)}\\.`))
}

/** For the text of an HTML element, where Markdown is not read. */
export const html = (text: string): string => asEntities(oneLine(text))

/** A block of code with the fence that its lines cannot close. */
export function fenced(language: string, lines: readonly string[], indent = ''): string[] {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length)
  const fence = '`'.repeat(Math.max(2, ...runs) + 1)
  return [`${fence}${language}`, ...lines.map(oneLine), fence].map((line) => `${indent}${line}`)
}

/** A part that is closed, or open, until a reader says otherwise. */
export const folded = (summary: string, lines: readonly string[], isOpen = false): string[] => [
  `<details${isOpen ? ' open' : ''}>`,
  `<summary>${summary}</summary>`,
  '',
  ...lines,
  '',
  '</details>',
  '',
]

/** How long a text is in UTF-8, where a surrogate that stands alone is written as the three bytes of its replacement. */
export function byteLength(text: string): number {
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}
