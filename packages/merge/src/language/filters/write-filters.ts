import { indent } from '../../values/indent.ts'
import { toJson, toJsonMinified } from '../../values/to-json.ts'
import { toYaml } from '../../values/to-yaml.ts'
import type { Value } from '../../value.ts'
import { kindOf, Undefined, type Held } from '../held.ts'
import { LIMITS } from '../limits.ts'
import { checkedLength } from '../operations/text.ts'
import { plain } from '../operations/weigh.ts'
import { failed } from '../refused.ts'
import { wholeArgument } from './arguments.ts'
import { filter, type Filter } from './filter.ts'

type Json = typeof toJson

/** Filters that write a value as the text of a file. */
export const writeFilters: readonly (readonly [string, Filter])[] = [
  ['to_yaml', filter([], 0, (input) => withinLimit(toYaml(writable(input))))],
  ['to_json', filter([], 0, (input) => json(toJson, input))],
  ['to_json_minified', filter([], 0, (input) => json(toJsonMinified, input))],
  ['indent', filter(['n'], 0, (input, [n = 2n]) => indented(input, wholeArgument('n', n)))],
]

function writable(input: Held): Value {
  if (input instanceof Undefined) throw failed(`${input.what} is undefined and cannot be written`, input.hint)
  return plain(input, 'written')
}

function withinLimit(text: string): string {
  checkedLength(text.length)
  return text
}

function json(write: Json, input: Held): Held {
  const written = write(writable(input))
  if (written.ok) return withinLimit(written.value)
  throw failed(written.problems.map(({ message }) => message).join(' '))
}

function indented(input: Held, width: number): Held {
  if (input instanceof Undefined) throw failed(`${input.what} is undefined and cannot be indented`, input.hint)
  if (typeof input !== 'string') {
    throw failed(
      `Only a text can be indented, and there is ${kindOf(input)}`,
      'Write it first, as with `| to_yaml | indent`.',
    )
  }
  checkedLength(input.length + countLines(input) * Math.max(0, Math.min(width, LIMITS.text)))
  return indent(input, width)
}

const countLines = (text: string): number => text.split(/[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/).length
