import { Undefined, type Held } from '../held.ts'
import { isTrue } from '../operations/members.ts'
import { checkedLength, charactersOf, joinTexts, printed } from '../operations/text.ts'
import { isWhite, trim } from '../white.ts'
import { wholeArgument } from './arguments.ts'
import { filter, type Filter } from './filter.ts'
import { titleCase } from './title-case.ts'

const onText = (change: (text: string) => string): Filter => filter([], 0, (input) => checked(change(printed(input))))

const fallback = filter(['default_value', 'boolean'], 0, (input, [value = '', isForFalse = false]) =>
  input instanceof Undefined || (isTrue(isForFalse) && !isTrue(input)) ? value : input,
)

/** Filters that take the text of what stands before them and give a text. */
export const textFilters: readonly (readonly [string, Filter])[] = [
  ['lower', onText((text) => text.toLowerCase())],
  ['upper', onText((text) => text.toUpperCase())],
  ['capitalize', onText((text) => capitalized(text))],
  ['title', onText(titled)],
  ['string', onText((text) => text)],
  ['trim', filter(['chars'], 0, (input, [chars]) => trimmed(printed(input), chars))],
  ['replace', filter(['old', 'new', 'count'], 2, replaced)],
  ['default', fallback],
  ['d', fallback],
]

function checked(text: string): string {
  checkedLength(text.length)
  return text
}

function capitalized(text: string): string {
  const [first = ''] = charactersOf(text.slice(0, 2))
  return titleCase(first) + lowerRest(text, first)
}

/** The rest of a text in lower case, as part of the whole: a sigma at its end may be a final one. */
function lowerRest(text: string, first: string): string {
  return text.toLowerCase().slice(first.toLowerCase().length)
}

const BEFORE_WORD = new Set('-({[<')

/** A word begins behind white space, `-` and opening brackets, and nowhere else: `it's` stays one word. */
function titled(text: string): string {
  let result = ''
  let start = 0
  for (let at = 0; at <= text.length; at++) {
    const isWithin = at < text.length && !BEFORE_WORD.has(text[at] ?? '') && !isWhite(text.charCodeAt(at))
    if (isWithin) continue
    result += word(text.slice(start, at)) + (text[at] ?? '')
    start = at + 1
  }
  return result
}

function word(text: string): string {
  const [first = ''] = charactersOf(text.slice(0, 2))
  return first.toUpperCase() + text.slice(first.length).toLowerCase()
}

function trimmed(text: string, chars: Held | undefined): Held {
  if (chars === undefined || chars === null) return trim(text)
  const gone = new Set(charactersOf(printed(chars)))
  const characters = charactersOf(text)
  let start = 0
  let end = characters.length
  while (start < end && gone.has(characters[start] ?? '')) start++
  while (end > start && gone.has(characters[end - 1] ?? '')) end--
  return characters.slice(start, end).join('')
}

/** All places, or the first `count`. An empty `old` stands before each character and at the end. */
function replaced(input: Held, [old = '', by = '', count = null]: readonly (Held | undefined)[]): Held {
  const [text, from, to] = [printed(input), printed(old), printed(by)]
  const most = count === null ? -1 : wholeArgument('count', count)
  const parts = from === '' ? ['', ...charactersOf(text), ''] : text.split(from)
  const places = parts.length - 1
  if (most < 0 || most >= places) return joinTexts(parts, to)
  const kept = parts.slice(most).join(from)
  return joinTexts([...parts.slice(0, most), kept], to)
}
