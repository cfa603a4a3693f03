import { diffLists, type DiffPart } from './diff-lines.ts'

/** A piece of a line; `isChanged` where only this side has it. */
export interface Word {
  readonly text: string
  readonly isChanged: boolean
}

/** A line of a difference; numbers from 1, absent where the side has no such line. */
export interface DiffLine {
  readonly kind: DiffPart['kind']
  readonly before?: number
  readonly after?: number
  readonly words: readonly Word[]
}

/** Unchanged lines that are left out until somebody asks for them. */
export interface DiffFold {
  readonly kind: 'fold'
  readonly lines: readonly DiffLine[]
}

const CONTEXT = 3
const wordsOf = (line: string): string[] => line.match(/\w+|\s+|[^\w\s]/gu) ?? []
const linesOf = (text: string): string[] =>
  text === '' ? [] : (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
const whole = (text: string, isChanged: boolean): readonly Word[] => [{ text, isChanged }]

/** What a changed line and the line in its place have of their own; all of both where they have little in common. */
function markWords(before: string, after: string): readonly [readonly Word[], readonly Word[]] {
  const one = wordsOf(before)
  const other = wordsOf(after)
  const parts = diffLists(one, other)
  const common = parts.reduce(
    (sum, part) =>
      sum +
      (part.kind === 'same'
        ? one
            .slice(part.before, part.before + part.length)
            .join('')
            .trim().length
        : 0),
    0,
  )
  if (common * 3 < Math.max(before.trim().length, after.trim().length))
    return [whole(before, false), whole(after, false)]
  const side = (words: string[], kind: 'removed' | 'added') =>
    parts.flatMap((part): Word[] => {
      if (part.kind !== 'same' && part.kind !== kind) return []
      const at = kind === 'removed' ? part.before : part.after
      return [{ text: words.slice(at, at + part.length).join(''), isChanged: part.kind === kind }]
    })
  return [side(one, 'removed'), side(other, 'added')]
}

/** The difference of two texts line by line, with words marked and long unchanged regions folded. */
export function diffRows(before: string, after: string): readonly (DiffLine | DiffFold)[] {
  const one = linesOf(before)
  const other = linesOf(after)
  const parts = diffLists(one, other)
  return parts.flatMap((part, at): readonly (DiffLine | DiffFold)[] => {
    if (part.kind === 'same') return fold(sameLines(one, part), at === 0, at === parts.length - 1)
    const removed = part.kind === 'removed' ? part : parts[at - 1]
    const added = part.kind === 'added' ? part : parts[at + 1]
    const isReplaced = removed?.kind === 'removed' && added?.kind === 'added'
    return Array.from({ length: part.length }, (_, offset): DiffLine => {
      const old = one[(removed?.before ?? 0) + offset]
      const now = other[(added?.after ?? 0) + offset]
      const hasPair =
        isReplaced && offset < removed.length && offset < added.length && old !== undefined && now !== undefined
      const [oldWords, newWords] = hasPair ? markWords(old, now) : [whole(old ?? '', false), whole(now ?? '', false)]
      return part.kind === 'removed'
        ? { kind: 'removed', before: part.before + offset + 1, words: oldWords }
        : { kind: 'added', after: part.after + offset + 1, words: newWords }
    })
  })
}

const sameLines = (lines: readonly string[], part: DiffPart): readonly DiffLine[] =>
  Array.from({ length: part.length }, (_, offset) => ({
    kind: 'same' as const,
    before: part.before + offset + 1,
    after: part.after + offset + 1,
    words: whole(lines[part.before + offset] ?? '', false),
  }))

function fold(lines: readonly DiffLine[], isFirst: boolean, isLast: boolean): readonly (DiffLine | DiffFold)[] {
  const head = isFirst ? 0 : CONTEXT
  const tail = isLast ? 0 : CONTEXT
  // A fold of one line would take as much room as the line.
  if (lines.length - head - tail < 2) return lines
  return [
    ...lines.slice(0, head),
    { kind: 'fold', lines: lines.slice(head, lines.length - tail) },
    ...lines.slice(lines.length - tail),
  ]
}
