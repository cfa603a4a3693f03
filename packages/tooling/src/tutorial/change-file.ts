/**
 * A text with a change as a diff shows it: lines with `-` or a blank before them must stand there together, once.
 *
 * Throws `TypeError` where they do not.
 */
export function changed(text: string, diff: string): string {
  // An empty line is one that stays: editors take the blank away that should stand before it.
  const lines = diff
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => (line === '' ? ' ' : line))
  const of = (...marks: readonly string[]): string =>
    lines
      .filter((line) => marks.includes(line.charAt(0)))
      .map((line) => `${line.slice(1)}\n`)
      .join('')
  if (lines.some((line) => !/^[ +-]/.test(line)))
    throw new TypeError('a line of the change begins with none of " ", "+", "-"')
  const parts = text.split(of(' ', '-'))
  if (parts.length !== 2) throw new TypeError(`what is changed stands there ${parts.length - 1} times, not once`)
  return parts.join(of(' ', '+'))
}
