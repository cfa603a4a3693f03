const LONGEST_COMPARED = 64

/** The candidate that was probably meant: the same word in another spelling, else the nearest that is at most two edits away. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST_COMPARED) return undefined
  const wanted = folded(word)
  let best: string | undefined
  let least = Math.min(3, Math.ceil(wanted.length / 2))
  for (const candidate of candidates) {
    if (candidate === word) continue
    const edits = distance(wanted, folded(candidate.slice(0, LONGEST_COMPARED + 3)))
    if (edits >= least) continue
    least = edits
    best = candidate
  }
  return best
}

const folded = (word: string): string => word.toLowerCase().replaceAll(/[-_]/g, '')

/** Insertions, deletions and replacements between two words. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let at = 1; at <= from.length; at += 1) {
    const next = [at]
    for (let index = 1; index <= to.length; index += 1) {
      const replaced = (row[index - 1] ?? 0) + (from[at - 1] === to[index - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[index] ?? 0) + 1, (next[index - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
