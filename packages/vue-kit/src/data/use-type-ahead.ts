const PAUSE_MS = 700

/**
 * Finds the next name that begins with the letters typed one after another. The function takes a letter, where to start
 * and when it was typed (milliseconds), and returns the index found.
 */
export function useTypeAhead(
  names: () => readonly string[],
): (letter: string, from: number, at: number) => number | undefined {
  let typed = ''
  let last = 0
  return (letter, from, at) => {
    typed = at - last > PAUSE_MS ? letter.toLowerCase() : typed + letter.toLowerCase()
    last = at
    const all = names()
    // The same letter again goes on to the next; a longer beginning may stay where it is.
    const isRepeated = new Set(typed).size === 1
    const wanted = isRepeated ? typed.charAt(0) : typed
    const start = isRepeated ? from + 1 : from
    for (let step = 0; step < all.length; step += 1) {
      const index = (start + step) % all.length
      if (all[index]?.toLowerCase().startsWith(wanted) === true) return index
    }
    return undefined
  }
}
