import { pointEscape, propertyEscape, refuse, type PatternText } from './pcre-escape.ts'
import { complement, ESCAPE_SETS, normalised, POSIX_SETS, showRanges, withBothCases, type CodeSet } from './pcre-set.ts'

/** A character class after its `[`, as JavaScript writes it. */
export function translateClass(text: PatternText, caseless: boolean): string {
  const negated = text.eat('^')
  // Letters of the pattern match in both cases; what a set like \W matches does not depend on case.
  let ranges: CodeSet = []
  let sets: CodeSet = []
  const properties: string[] = []
  let quoted = false
  for (let first = true; ; first = false) {
    if (text.done) return refuse('missing ] after a character class')
    if (!quoted && text.eat('\\Q')) {
      quoted = true
      continue
    }
    if (quoted && text.eat('\\E')) {
      quoted = false
      continue
    }
    if (!quoted && text.eat('\\E')) continue
    if (!quoted && !first && text.eat(']')) break
    const item = quoted ? text.point() : classItem(text, caseless)
    if (typeof item === 'string') {
      properties.push(item)
      refuseRangeFrom(text)
    } else if (typeof item === 'number') {
      ranges = [...ranges, quoted ? [item, item] : [item, rangeEnd(text, item, caseless)]]
    } else {
      sets = [...sets, ...item]
      refuseRangeFrom(text)
    }
  }
  const set = normalised([...(caseless ? withBothCases(ranges) : ranges), ...sets])
  return `[${negated ? '^' : ''}${showRanges(set)}${properties.join('')}]`
}

/** One code point, a set, or a property. */
function classItem(text: PatternText, caseless: boolean): number | CodeSet | string {
  const posix = text.match(/\[:(\^?)([a-z]+):\]/y)
  if (posix) {
    const set = POSIX_SETS[posix[2] as string] ?? refuse(`unknown POSIX class ${posix[2]}`)
    if (caseless && /^(lower|upper)$/.test(posix[2] as string))
      return refuse('[:lower:] together with case-insensitivity')
    return posix[1] === '^' ? complement(set) : set
  }
  if (text.match(/\[[.=][^\]]*[.=]\]/y)) return refuse('collating elements are not supported')
  if (!text.eat('\\')) return text.point()
  if (text.eat('b')) return 8
  const set = Object.hasOwn(ESCAPE_SETS, text.peek()) ? ESCAPE_SETS[text.peek()] : undefined
  if (set) {
    text.at++
    return set
  }
  const octal = text.match(/([1-7][0-7]{0,2})/y)
  if (octal) return Number.parseInt(octal[1] as string, 8)
  return (
    propertyEscape(text, caseless) ??
    pointEscape(text) ??
    refuse(`unknown escape \\${text.peek()} in a character class`)
  )
}

/** A hyphen behind a set can only stand for itself, at the end of the class. */
function refuseRangeFrom(text: PatternText): void {
  if (text.peek() === '-' && text.peek(2) !== '-]') refuse('invalid range in a character class')
}

function rangeEnd(text: PatternText, from: number, caseless: boolean): number {
  if (text.peek() !== '-' || text.peek(2) === '-]') return from
  text.at++
  if (text.peek() === '\\' && /^\\[QE]/.test(text.peek(2))) return refuse('a quoted end of a range')
  const to = text.peek(2) === '[:' ? refuse('invalid range in a character class') : classItem(text, caseless)
  if (typeof to !== 'number') return refuse('invalid range in a character class')
  return to < from ? refuse('range out of order in a character class') : to
}
