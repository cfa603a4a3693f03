/** Candidates are attribute names; longer words are not compared. */
const MAX_LENGTH = 64

/**
 * The candidate that was probably meant by `word`: the same word in another spelling (`additionalProperties` for
 * `additional_properties`), else the one that is at most two edits away and less than half of the word.
 */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_LENGTH) return undefined
  const folded = fold(word)
  let best: string | undefined
  let least = Math.min(2, Math.ceil(word.length / 2) - 1) + 1
  for (const candidate of candidates) {
    if (fold(candidate) === folded) return candidate
    const edits = distance(word.toLowerCase(), candidate.toLowerCase())
    if (edits >= least) continue
    least = edits
    best = candidate
  }
  return best
}

const fold = (word: string): string => word.toLowerCase().replaceAll(/[-_ ]/g, '')

/** Edits (insert, delete, replace, swap of neighbours) between two words: optimal string alignment. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let edits = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) edits = Math.min(edits, at(before, j - 2) + 1)
      row.push(edits)
    }
    before = last
    last = row
  }
  return at(last, b.length)
}

const at = (row: readonly number[], i: number): number => row[i] ?? Infinity
