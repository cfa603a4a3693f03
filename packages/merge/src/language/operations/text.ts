import { Mapping, Tuple } from '../../value.ts'
import { reprOf, textOf } from '../../values/text.ts'
import { isKey, isList, Stream, Undefined, type Held } from '../held.ts'
import { LIMITS } from '../limits.ts'
import { failed } from '../refused.ts'
import { checkWeight } from './weigh.ts'

/** What `{{ held }}` prints. */
export function printed(held: Held): string {
  if (typeof held === 'string') return held
  if (held instanceof Undefined) return ''
  if (isKey(held)) return textOf(held)
  checkWeight(held, 'printed')
  return printedInside(held)
}

/** How something prints inside of a list or a mapping. */
function printedInside(held: Held): string {
  if (isKey(held)) return reprOf(held)
  if (held instanceof Undefined) return 'Undefined'
  if (held instanceof Tuple) {
    return held.items.length === 1 ? `(${allInside(held.items)},)` : `(${allInside(held.items)})`
  }
  if (held instanceof Mapping) {
    return `{${Array.from(held.entries(), ([key, value]) => `${reprOf(key)}: ${printedInside(value)}`).join(', ')}}`
  }
  if (isList(held)) return `[${allInside(held)}]`
  if (!(held instanceof Stream)) return `<LoopContext ${String(held.member('index'))}/${held.length}>`
  throw failed(
    'Members that a filter gives one by one have no text of their own',
    'Make a list of them with `| list`, or one text with `| join`.',
  )
}

const allInside = (members: readonly Held[]): string => members.map(printedInside).join(', ')

/** The texts one behind the other, with `between` between them. */
export function joinTexts(texts: Iterable<string>, between = ''): string {
  const parts: string[] = []
  let length = 0
  for (const text of texts) {
    length = checkedLength(length + text.length + between.length)
    parts.push(text)
  }
  return parts.join(between)
}

/** The text `count` times. */
export function repeatText(text: string, count: number): string {
  if (count <= 0) return ''
  checkedLength(text.length * count)
  return text.repeat(count)
}

/** @throws Refused where a text of this length is too long. */
export function checkedLength(length: number): number {
  if (length > LIMITS.text) throw failed(`A text of more than ${LIMITS.text / 1024 / 1024} MB`)
  return length
}

/** The characters of a text: code points, not units of UTF-16. */
export const charactersOf = (text: string): readonly string[] => Array.from(text)

const SURROGATE = /[\ud800-\udfff]/

export function countCharacters(text: string): number {
  if (!SURROGATE.test(text)) return text.length
  let count = 0
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count++
  return count
}
