import { ServerError } from '../../server-error.ts'
import { real } from './arithmetic.ts'
import type { CompileOperator } from './types.ts'
import { binary } from './builders.ts'
import { double, isDecimal } from '@stage0/bson-schema'
import { asNumber, isNullish, typeOf } from '../values.ts'

const within =
  (low: number, high: number) =>
  (n: number, name: string): void => {
    if (n < low || n > high)
      throw new ServerError(50989, `cannot apply ${name} to ${n}, value must be in [${low},${high}]`)
  }

const finite = (n: number, name: string): void => within(-Number.MAX_VALUE, Number.MAX_VALUE)(n, name)

export const TRIGONOMETRY: Readonly<Record<string, CompileOperator>> = {
  $sin: real(Math.sin, finite),
  $cos: real(Math.cos, finite),
  $tan: real(Math.tan, finite),
  $asin: real(Math.asin, within(-1, 1)),
  $acos: real(Math.acos, within(-1, 1)),
  $atan: real(Math.atan),
  $sinh: real(Math.sinh),
  $cosh: real(Math.cosh),
  $tanh: real(Math.tanh),
  $asinh: real(Math.asinh),
  $acosh: real(Math.acosh, within(1, Number.POSITIVE_INFINITY)),
  $atanh: real(Math.atanh, within(-1, 1)),
  $degreesToRadians: real((n) => (n * Math.PI) / 180),
  $radiansToDegrees: real((n) => (n * 180) / Math.PI),
  $atan2: binary((y, x, name) => {
    if (isNullish(y) || isNullish(x)) return null
    const [a, b] = [asNumber(y), asNumber(x)]
    if (a === undefined || b === undefined)
      throw new ServerError(51044, `${name} only supports numeric types, not ${typeOf(y)} and ${typeOf(x)}`)
    if (isDecimal(y) || isDecimal(x))
      throw new ServerError(115, `${name} of a decimal is not supported by the embedded server`)
    return double(Math.atan2(a, b))
  }),
}
