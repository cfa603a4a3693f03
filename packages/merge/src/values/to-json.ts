import { fail, ok, type Result } from '../problem.ts'
import { DateValue, Mapping, TimeValue, Tuple, type Key, type Value } from '../value.ts'
import { compare } from './equality.ts'
import { floatText } from './number-text.ts'

/** What JSON cannot hold, or what cannot be sorted; caught at the faces of this file. */
class NotJson extends Error {}

/** The filter `to_json`: two spaces, keys sorted, ASCII, as Python's `json.dumps(value, indent=2, sort_keys=True)`. */
export function toJson(value: Value): Result<string> {
  return guarded(() => written(value, { isSorted: true, gap: '  ', colon: ': ' }, '\n'))
}

/** The filter `to_json_minified`: no spaces, keys as they came, ASCII. */
export function toJsonMinified(value: Value): Result<string> {
  return guarded(() => written(value, { isSorted: false, gap: '', colon: ':' }, ''))
}

function guarded(write: () => string): Result<string> {
  try {
    return ok(write())
  } catch (thrown) {
    if (!(thrown instanceof NotJson)) throw thrown
    return fail({ code: 'TEMPLATE_RENDER_FAILED', message: thrown.message })
  }
}

interface Form {
  readonly isSorted: boolean
  readonly gap: string
  readonly colon: string
}

function written(value: Value, form: Form, lineEnd: string): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return jsonText(value)
  if (typeof value === 'number') return jsonFloat(value)
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  const inner = lineEnd + form.gap
  if (value instanceof Mapping) {
    const members = entriesOf(value, form).map(
      ([key, item]) => jsonText(keyText(key)) + form.colon + written(item, form, inner),
    )
    return members.length === 0 ? '{}' : `{${inner}${members.join(`,${inner}`)}${lineEnd}}`
  }
  if (value instanceof DateValue || value instanceof TimeValue) {
    throw new NotJson(
      `JSON has no days and times: ${value.text} cannot be written; put it in quotes in the specification.`,
    )
  }
  const items = value instanceof Tuple ? value.items : value
  if (items.length === 0) return '[]'
  return `[${inner}${items.map((item) => written(item, form, inner)).join(`,${inner}`)}${lineEnd}]`
}

function entriesOf(mapping: Mapping, { isSorted }: Form): readonly (readonly [Key, Value])[] {
  const entries = [...mapping.entries()]
  if (!isSorted) return entries
  return entries.toSorted(([left], [right]) => {
    const order = compare(left, right)
    if (order !== undefined) return order
    throw new NotJson(
      `The keys \`${keyText(left)}\` and \`${keyText(right)}\` of one mapping are of kinds that have no order.`,
    )
  })
}

function keyText(key: Key): string {
  if (typeof key === 'string') return key
  if (typeof key === 'number') return jsonFloat(key)
  if (key instanceof DateValue || key instanceof TimeValue) {
    throw new NotJson(
      `JSON has no days and times: the key ${key.text} cannot be written; put it in quotes in the specification.`,
    )
  }
  return String(key)
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return floatText(value)
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
}

/** Anything but printable ASCII as `\uXXXX`, above U+FFFF as two of them. */
function jsonText(text: string): string {
  const body = text.replace(
    /["\\]|[^ -~]/g,
    (unit) => SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `"${body}"`
}
