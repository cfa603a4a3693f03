/** A line of two texts: in both, in the first only, in the second only. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

const CONTEXT = 3
/** From so many changed lines on, the texts are told as one block each: a closer look would take too long, and nobody reads it. */
const MOST_CHANGES = 500

/**
 * How one text becomes another, as `diff -u` has it: without the lines that name the files.
 *
 * @returns "" for equal texts.
 */
export function unifiedDiff(from: string, to: string): string {
  const lines = diffLines(splitLines(from), splitLines(to))
  const hunks: string[] = []
  let [oldLine, newLine] = [1, 1]
  let at = 0
  const starts = lines.map(({ sign }) => {
    const start = [oldLine, newLine] as const
    if (sign !== '+') oldLine += 1
    if (sign !== '-') newLine += 1
    return start
  })
  while (at < lines.length) {
    const first = lines.findIndex(({ sign }, index) => index >= at && sign !== ' ')
    if (first < 0) break
    const begin = Math.max(at, first - CONTEXT)
    const end = endOfHunk(lines, first)
    const shown = lines.slice(begin, end)
    const [oldStart = 1, newStart = 1] = starts[begin] ?? []
    hunks.push(`@@ -${range(oldStart, count(shown, '+'))} +${range(newStart, count(shown, '-'))} @@\n`)
    hunks.push(
      ...shown.map(
        ({ sign, text }) => `${sign}${text.endsWith('\n') ? text : `${text}\n\\ No newline at end of file\n`}`,
      ),
    )
    at = end
  }
  return hunks.join('')
}

const splitLines = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []
const count = (lines: readonly DiffLine[], without: '+' | '-'): number =>
  lines.filter(({ sign }) => sign !== without).length
/** Of no lines: behind which line. */
const range = (start: number, length: number): string =>
  length === 1 ? String(start) : `${length === 0 ? start - 1 : start},${length}`

/** Behind the last change that is not further away than both contexts together. */
function endOfHunk(lines: readonly DiffLine[], first: number): number {
  let last = first
  for (let at = first; at < lines.length && at <= last + CONTEXT * 2; at += 1) if (lines[at]?.sign !== ' ') last = at
  return Math.min(lines.length, last + CONTEXT + 1)
}

/** The fewest changes, after Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). */
function diffLines(from: readonly string[], to: readonly string[]): readonly DiffLine[] {
  const most = Math.min(from.length + to.length, MOST_CHANGES)
  let reached: ReadonlyMap<number, number> = new Map([[1, 0]])
  const trace: ReadonlyMap<number, number>[] = []
  for (let changes = 0; changes <= most; changes += 1) {
    trace.push(reached)
    const next = new Map(reached)
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let x = stepFrom(reached, diagonal, changes).x
      while (x < from.length && x - diagonal < to.length && from[x] === to[x - diagonal]) x += 1
      next.set(diagonal, x)
      if (x >= from.length && x - diagonal >= to.length) return wayBack(from, to, trace)
    }
    reached = next
  }
  return [...from.map((text): DiffLine => ({ sign: '-', text })), ...to.map((text): DiffLine => ({ sign: '+', text }))]
}

/** Where the change that ends on a diagonal begins: one line more of the second text, or one less of the first. */
function stepFrom(
  reached: ReadonlyMap<number, number>,
  diagonal: number,
  changes: number,
): { readonly x: number; readonly from: number } {
  const [left = -1, right = -1] = [reached.get(diagonal - 1), reached.get(diagonal + 1)]
  return diagonal === -changes || (diagonal !== changes && left < right)
    ? { x: right, from: diagonal + 1 }
    : { x: left + 1, from: diagonal - 1 }
}

function wayBack(
  from: readonly string[],
  to: readonly string[],
  trace: readonly ReadonlyMap<number, number>[],
): readonly DiffLine[] {
  const lines: DiffLine[] = []
  let [x, y] = [from.length, to.length]
  for (let changes = trace.length - 1; changes >= 0; changes -= 1) {
    const reached = trace[changes] ?? new Map<number, number>()
    const step = stepFrom(reached, x - y, changes)
    const beforeX = changes === 0 ? 0 : (reached.get(step.from) ?? 0)
    const beforeY = changes === 0 ? 0 : beforeX - step.from
    while (x > beforeX && y > beforeY) {
      x -= 1
      y -= 1
      lines.push({ sign: ' ', text: from[x] ?? '' })
    }
    if (changes === 0) break
    lines.push(x === beforeX ? { sign: '+', text: to[beforeY] ?? '' } : { sign: '-', text: from[beforeX] ?? '' })
    x = beforeX
    y = beforeY
  }
  return lines.reverse()
}
