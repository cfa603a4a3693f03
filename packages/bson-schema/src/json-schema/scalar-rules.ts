import { compareNumbers, type NumericValue } from '../compare-numbers.ts'
import { decimalMod } from '../decimal.ts'
import { decimalParts } from '../decimal-parts.ts'
import { isFiniteNumber, toDecimal } from '../numeric.ts'
import { compilePcre } from '../pcre.ts'
import { isNumeric } from '../types.ts'
import { isInt32, type Value } from '../value.ts'
import { BAD_REGEX, FAILED_TO_PARSE, type SchemaContext } from './context.ts'
import { leaf, type Field, type Rule } from './node.ts'
import { int32, textBytes, TYPE_DECIMAL, TYPE_DOUBLE, TYPE_INT, TYPE_LONG, TYPE_STRING } from './raw-match.ts'

/** A rule for strings: others pass. */
function stringRule(
  name: string,
  specified: Value,
  reason: string,
  holds: (text: string) => boolean,
  holdsFor: (bytes: number) => boolean = () => false,
): Rule {
  const matches = (value: Value | undefined): boolean => typeof value !== 'string' || holds(value)
  return {
    matches,
    sure: (_bytes, type, at, end) => type !== TYPE_STRING || holdsFor(textBytes(at, end)),
    explain: (value) =>
      matches(value) ? undefined : leaf(name, [[name, specified]], reason, ['consideredValue', value as Value]),
  }
}

export function patternRule(context: SchemaContext): Rule | undefined {
  const source = context.string('pattern')
  if (source === undefined) return undefined
  const compiled = compilePcre(source)
  if (!compiled.ok) return context.report(BAD_REGEX, `Regular expression is invalid: ${compiled.error}`, 'pattern')
  const { regex } = compiled.value
  return stringRule('pattern', source, 'regular expression did not match', (text) => regex.test(text))
}

/** Length of a text in code points. */
export function codePoints(text: string): number {
  let count = text.length
  for (let i = 0; i + 1 < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      count--
      i++
    }
  }
  return count
}

export function lengthRule(context: SchemaContext, name: 'minLength' | 'maxLength'): Rule | undefined {
  const bound = context.count(name)
  if (bound === undefined) return undefined
  // The number of UTF-16 units decides most cases without counting.
  const holds =
    name === 'minLength'
      ? (text: string): boolean => text.length >= bound && (text.length >= 2 * bound || codePoints(text) >= bound)
      : (text: string): boolean => text.length <= bound || codePoints(text) <= bound
  // A code point takes one to four bytes.
  const holdsFor =
    name === 'minLength'
      ? (bytes: number): boolean => bytes >= (bound <= 1 ? bound : 4 * bound)
      : (bytes: number): boolean => bytes <= bound
  const reason = 'specified string length was not satisfied'
  return stringRule(name, context.schema.get(name) as Value, reason, holds, holdsFor)
}

const NUMBER_TYPES: ReadonlySet<number> = new Set([TYPE_DOUBLE, TYPE_INT, TYPE_LONG, TYPE_DECIMAL])

/** A rule for numbers: others pass. */
function numberRule(
  name: string,
  specified: readonly Field[],
  reason: string,
  holds: (n: NumericValue) => boolean,
): Rule {
  const matches = (value: Value | undefined): boolean => !isNumeric(value) || holds(value)
  return {
    matches,
    sure: (bytes, type, at) => (type === TYPE_INT ? holds(int32(bytes, at)) : !NUMBER_TYPES.has(type)),
    explain: (value) =>
      matches(value) ? undefined : leaf(name, specified, reason, ['consideredValue', value as Value]),
  }
}

export function boundRule(context: SchemaContext, name: 'minimum' | 'maximum'): Rule | undefined {
  const exclusiveName = name === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum'
  const exclusive = context.boolean(exclusiveName)
  const bound = context.number(name)
  if (context.schema.has(exclusiveName) && !context.schema.has(name)) {
    const text = `$jsonSchema keyword '${name}' must be present if '${exclusiveName}' is present`
    context.report(FAILED_TO_PARSE, text, exclusiveName)
  }
  if (bound === undefined) return undefined
  const specified: Field[] = [[name, bound]]
  if (exclusive === true) specified.push([exclusiveName, true])
  // NaN is equal to NaN and neither above nor below anything else, as in `$gt` and `$lt`.
  const sign = name === 'minimum' ? 1 : -1
  const boundIsNan = isNan(bound)
  const holds = (n: NumericValue): boolean => {
    const order = compareNumbers(n, bound) * sign
    if (order === 0) return exclusive !== true
    return order > 0 && !boundIsNan && !isNan(n)
  }
  return numberRule(name, specified, 'comparison failed', holds)
}

const isNan = (n: NumericValue): boolean =>
  n !== 0 && typeof n !== 'bigint' && !isFiniteNumber(n) && compareNumbers(n, NaN) === 0

export function multipleOfRule(context: SchemaContext): Rule | undefined {
  const divisor = context.number('multipleOf')
  if (divisor === undefined) return undefined
  if (!isFiniteNumber(divisor) || compareNumbers(divisor, 0) <= 0) {
    return context.report(FAILED_TO_PARSE, "$jsonSchema keyword 'multipleOf' must have a positive value", 'multipleOf')
  }
  // As the server does it: both as decimals, doubles rounded to 15 digits.
  const decimal = toDecimal(divisor)
  const holds = (n: NumericValue): boolean => {
    if (typeof n === 'number' && typeof divisor === 'number' && isInt32(n) && isInt32(divisor)) return n % divisor === 0
    const rest = decimalParts(decimalMod(toDecimal(n), decimal))
    return rest.kind === 'finite' && rest.coefficient === 0n
  }
  const reason = 'considered value is not a multiple of the specified value'
  return numberRule('multipleOf', [['multipleOf', divisor]], reason, holds)
}
