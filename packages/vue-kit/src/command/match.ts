/** How well a text answers a query: 0 not at all; every word of the query must occur, at best at the beginning of a word. */
export function scoreOf(text: string, query: string): number {
  const hay = text.toLowerCase()
  let score = 1
  for (const word of query.toLowerCase().split(/\s+/u)) {
    if (word === '') continue
    const at = hay.indexOf(word)
    if (at < 0) return 0
    const isStart = at === 0 || /[\s._/-]/u.test(hay.charAt(at - 1))
    score += (at === 0 ? 3 : isStart ? 2 : 1) + word.length / hay.length
  }
  return score
}
