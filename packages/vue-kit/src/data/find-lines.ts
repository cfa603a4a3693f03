/** The indexes of the lines that contain a text, in any case. */
export function findLines(lines: readonly string[], query: string): readonly number[] {
  const wanted = query.toLowerCase()
  return lines.flatMap((line, index) => (line.toLowerCase().includes(wanted) ? [index] : []))
}
