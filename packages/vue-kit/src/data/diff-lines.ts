/** A run of lines (or words): `same` in both, only in the text before (`removed`) or only after (`added`). */
export interface DiffPart {
  readonly kind: 'same' | 'removed' | 'added'
  /** Where it begins in the text before and after, from 0, and how long it is. */
  readonly before: number
  readonly after: number
  readonly length: number
}

// Beyond this many differences the middle is shown as replaced: the work grows with their square.
const MOST_EDITS = 1500

/** The smallest difference of two lists by the greedy algorithm of Myers (1986). */
export function diffLists(before: readonly string[], after: readonly string[]): readonly DiffPart[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  const shorter = Math.min(before.length, after.length) - head
  while (tail < shorter && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  const middle = editsOf(before.slice(head, before.length - tail), after.slice(head, after.length - tail))
  const parts: DiffPart[] = []
  const add = (kind: DiffPart['kind'], one: number, other: number, length: number) => {
    const last = parts.at(-1)
    if (length === 0) return
    if (last?.kind === kind) parts[parts.length - 1] = { ...last, length: last.length + length }
    else parts.push({ kind, before: one, after: other, length })
  }
  add('same', 0, 0, head)
  for (const part of middle) add(part.kind, part.before + head, part.after + head, part.length)
  add('same', before.length - tail, after.length - tail, tail)
  return parts
}

function editsOf(before: readonly string[], after: readonly string[]): readonly DiffPart[] {
  const replaced: DiffPart[] = [
    { kind: 'removed', before: 0, after: 0, length: before.length },
    { kind: 'added', before: before.length, after: 0, length: after.length },
  ]
  if (before.length === 0 || after.length === 0) return replaced.filter(({ length }) => length > 0)
  const trace = traceOf(before, after)
  return trace === undefined ? replaced : walkBack(trace, before.length, after.length)
}

/** How far each diagonal reaches after each number of edits; `undefined` where there are too many. */
function traceOf(before: readonly string[], after: readonly string[]): readonly Map<number, number>[] | undefined {
  const trace: Map<number, number>[] = []
  let reach = new Map<number, number>([[1, 0]])
  for (let edits = 0; edits <= Math.min(MOST_EDITS, before.length + after.length); edits += 1) {
    const next = new Map<number, number>()
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = reach.get(diagonal + 1) ?? -1
      const right = reach.get(diagonal - 1) ?? -1
      let x = diagonal === -edits || (diagonal !== edits && right < down) ? down : right + 1
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1
      next.set(diagonal, x)
      if (x >= before.length && x - diagonal >= after.length) return [...trace, reach]
    }
    trace.push(reach)
    reach = next
  }
  return undefined
}

function walkBack(
  trace: readonly Map<number, number>[],
  beforeLength: number,
  afterLength: number,
): readonly DiffPart[] {
  const parts: DiffPart[] = []
  let x = beforeLength
  let y = afterLength
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits]
    const diagonal = x - y
    const isDown =
      diagonal === -edits || (diagonal !== edits && (reach?.get(diagonal - 1) ?? -1) < (reach?.get(diagonal + 1) ?? -1))
    const from = diagonal + (isDown ? 1 : -1)
    const fromX = edits === 0 ? 0 : (reach?.get(from) ?? 0)
    const fromY = edits === 0 ? 0 : fromX - from
    const startX = edits === 0 ? 0 : isDown ? fromX : fromX + 1
    const same = x - startX
    if (same > 0) parts.push({ kind: 'same', before: startX, after: y - same, length: same })
    if (edits > 0) parts.push({ kind: isDown ? 'added' : 'removed', before: fromX, after: fromY, length: 1 })
    x = fromX
    y = fromY
  }
  return parts.reverse()
}
