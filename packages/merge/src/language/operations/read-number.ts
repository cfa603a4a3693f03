import { LIMITS } from '../limits.ts'
import { failed } from '../refused.ts'
import { trim } from '../white.ts'

const WHOLE = /^[-+]?\d+(?:_\d+)*$/
const FLOAT = /^[-+]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+(?:_\d+)*)?$/i
const SPECIAL = /^([-+]?)(inf(?:inity)?|nan)$/i

/** A whole number as Python's `int` reads it out of a text; `undefined` where it is none, or too long for Python. */
export function wholeOf(text: string): bigint | undefined {
  const written = digitsOf(text)
  if (!WHOLE.test(written)) return undefined
  const digits = written.replace(/[-+_]/g, '')
  if (digits.length > LIMITS.digits) return undefined
  return written.startsWith('-') ? -BigInt(digits) : BigInt(digits)
}

/** A floating number as Python's `float` reads it out of a text; `undefined` where it is none. */
export function floatIn(text: string): number | undefined {
  const written = digitsOf(text)
  if (FLOAT.test(written)) return Number(written.replaceAll('_', ''))
  const [, sign, name] = SPECIAL.exec(written) ?? []
  if (name === undefined) return undefined
  if (name.toLowerCase() === 'nan') return NaN
  return sign === '-' ? -Infinity : Infinity
}

/** White space for everything but numbers: no text with one of them is a number. */
const SEPARATORS = /[\u001c-\u001f]/

/** The text without white space around it. @throws Refused where it would be a number, written in digits of another script. */
function digitsOf(text: string): string {
  if (SEPARATORS.test(text)) return text
  const written = trim(text)
  const inAscii = written.replace(/\p{Nd}/gu, '0')
  const isNumber = WHOLE.test(inAscii) || FLOAT.test(inAscii)
  if (isNumber && /[^\d.e_+-]/i.test(written))
    throw failed('A number in other digits than 0 to 9', 'Write it in the digits 0 to 9.')
  return written
}
