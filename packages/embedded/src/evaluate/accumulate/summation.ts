import {
  addNumbers,
  divideNumbers,
  double,
  Double,
  integer,
  isDecimal,
  isInt32,
  isNumeric,
  type NumericValue,
  type Value,
} from '@stage0/bson-schema'

/**
 * Adds numbers as `$sum` and `$avg` do: integers exactly, doubles with the rounding error carried along (so that the order
 * of the summands hardly matters), decimals in decimal. The result has the widest type that was met; integers
 * grow from int to long and, beyond long, to double.
 */
export class Summation {
  count = 0
  #small = 0
  #integers = 0n
  #high = 0
  #low = 0
  #decimal: NumericValue | undefined
  #seenLong = false
  #seenDouble = false

  /** Values that are no numbers are ignored. */
  add(value: Value | undefined): void {
    if (typeof value === 'number') {
      this.count++
      if (isInt32(value)) this.#addSmall(value)
      else this.#addDouble(value)
    } else if (typeof value === 'bigint') {
      this.count++
      this.#seenLong = true
      this.#integers += value
    } else if (value instanceof Double) {
      this.count++
      this.#addDouble(value.value)
    } else if (isDecimal(value)) {
      this.count++
      this.#decimal = this.#decimal === undefined ? value : addNumbers(this.#decimal, value)
    }
  }

  #addSmall(n: number): void {
    this.#small += n
    if (Number.isSafeInteger(this.#small)) return
    this.#integers += BigInt(this.#small - n) + BigInt(n)
    this.#small = 0
  }

  /** The error of each addition is exact (two-sum, Knuth) and is kept apart. */
  #addDouble(n: number): void {
    this.#seenDouble = true
    const sum = this.#high + n
    const part = sum - this.#high
    const error = this.#high - (sum - part) + (n - part)
    this.#high = sum
    if (Number.isFinite(error)) this.#low += error
  }

  sum(): NumericValue {
    const whole = this.#integers + BigInt(this.#small)
    if (this.#decimal !== undefined) {
      const exact = addNumbers(this.#decimal, BigInt.asIntN(64, whole)) as NumericValue
      return this.#seenDouble ? (addNumbers(exact, double(this.#high + this.#low)) as NumericValue) : exact
    }
    if (this.#seenDouble || BigInt.asIntN(64, whole) !== whole) return double(this.#high + (this.#low + Number(whole)))
    return this.#seenLong ? whole : integer(whole)
  }

  /** The mean as double, or as decimal where a decimal was met; null without numbers. */
  mean(): Value {
    if (this.count === 0) return null
    const sum = this.sum()
    if (isDecimal(sum)) return divideNumbers(sum, this.count) as NumericValue
    return double(Number(sum instanceof Double ? sum.value : sum) / this.count)
  }
}

/** Mean and squared deviations in one pass (Welford), for the standard deviations. */
export class Deviation {
  #count = 0
  #mean = 0
  #squares = 0

  add(value: Value | undefined): void {
    if (!isNumeric(value)) return
    const n = value instanceof Double ? value.value : isDecimal(value) ? Number(value.toString()) : Number(value)
    this.#count++
    const delta = n - this.#mean
    this.#mean += delta / this.#count
    this.#squares += delta * (n - this.#mean)
  }

  /** `sample` divides by n - 1 and is null for fewer than two numbers. */
  result(sample: boolean): Value {
    const divisor = sample ? this.#count - 1 : this.#count
    return divisor <= 0 ? null : double(Math.sqrt(this.#squares / divisor))
  }
}
