import { DateValue, Mapping, TimeValue, Tuple, type Value } from '../value.ts'
import { momentOf } from './moments.ts'
import { floatText } from './number-text.ts'
import { quotedText } from './string-text.ts'

/** What `{{ value }}` prints: Python's `str`. A text prints itself, everything else as `reprOf`, days and moments without their class. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value
  if (value instanceof DateValue || value instanceof TimeValue) return value.text
  return reprOf(value)
}

/** Python's `repr`: how a value prints inside of a list or a mapping. */
export function reprOf(value: Value): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return floatText(value)
  if (typeof value === 'string') return quotedText(value)
  if (value instanceof DateValue) return dateRepr(value)
  if (value instanceof TimeValue) return timeRepr(value)
  if (value instanceof Tuple) return tupleRepr(value)
  if (value instanceof Mapping) {
    return `{${Array.from(value.entries(), ([key, item]) => `${reprOf(key)}: ${reprOf(item)}`).join(', ')}}`
  }
  return `[${value.map(reprOf).join(', ')}]`
}

function tupleRepr({ items }: Tuple): string {
  return items.length === 1 ? `(${items.map(reprOf).join('')},)` : `(${items.map(reprOf).join(', ')})`
}

function dateRepr({ text }: DateValue): string {
  return `datetime.date(${text.split('-').map(Number).join(', ')})`
}

/** The seconds and the microseconds stand only where they are not zero. */
function timeRepr(value: TimeValue): string {
  const { year, month, day, hour, minute, second, microsecond, offset } = momentOf(value)
  const parts: (number | string)[] = [year, month, day, hour, minute]
  if (second !== 0 || microsecond !== 0) parts.push(second)
  if (microsecond !== 0) parts.push(microsecond)
  if (offset !== undefined) parts.push(`tzinfo=${zoneRepr(offset)}`)
  return `datetime.datetime(${parts.join(', ')})`
}

/** A zone west of Greenwich is a day back and the rest forward. */
function zoneRepr(offset: number): string {
  if (offset === 0) return 'datetime.timezone.utc'
  const delta = offset > 0 ? `seconds=${offset}` : `days=-1, seconds=${offset + 86_400}`
  return `datetime.timezone(datetime.timedelta(${delta}))`
}
