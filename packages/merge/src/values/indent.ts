/** Where Python's `splitlines` ends a line. */
const LINE_ENDS = /\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/
const WHITE = /^(?:[^\S\ufeff]|[\u001c-\u001f\u0085])*$/

/**
 * The filter `indent`: every line behind `width` spaces, the first one too; lines of white space alone become empty; one line end
 * at the end of the text is dropped, and all others become `\n`.
 */
export function indent(text: string, width = 2): string {
  const lines = text.split(LINE_ENDS)
  if (lines.at(-1) === '') lines.pop()
  const margin = ' '.repeat(Math.max(0, width))
  return lines.map((line) => (WHITE.test(line) ? '' : margin + line)).join('\n')
}
