/** What differs from one execution to the next, and what stands for it when outputs are compared. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>'],
  [/\b\d+(\.\d+)? (ms|s|min)\b/g, '<duration>'],
  [/\bMongoDB \d+\.\d+\.\d+[^,]*, (standalone|replica-set|sharded)(, embedded)?/g, 'MongoDB <version>'],
  [/\b[\d,.]+ (bytes|kB|MB)\b/g, '<size>'],
  [/\S+@\S+(?= +<duration>)/g, '<who>'],
  // What is aligned with something of the above.
  [/ {2,}/g, '  '],
]

const masked = (line: string): string =>
  MASKS.reduce((text, [pattern, mask]) => text.replace(pattern, mask), line).trimEnd()

const LEFT_OUT = '...'

/**
 * Compares what a page says with what came. `...` alone in a line stands for any lines; all others must come, whole and in order, and
 * without `...` between them one right after the other.
 *
 * @returns The first line of the page that did not come, or `undefined` where everything fits.
 */
export function missingLine(said: string, came: string): string | undefined {
  const wanted = said.trimEnd().split('\n')
  const lines = came.trimEnd().split('\n').map(masked)
  let [at, isFree] = [0, false]
  for (const text of wanted) {
    if (text === LEFT_OUT) isFree = true
    else {
      const found = isFree ? lines.indexOf(masked(text), at) : lines[at] === masked(text) ? at : -1
      if (found < 0) return text
      ;[at, isFree] = [found + 1, false]
    }
  }
  return isFree || at === lines.length ? undefined : `nothing more, and not: ${lines[at] ?? ''}`
}
