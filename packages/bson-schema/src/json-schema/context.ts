import { exactLong } from '../numeric.ts'
import { isNumeric } from '../types.ts'
import { isArray, isDoc, type Doc, type Value } from '../value.ts'

/** Why a server refuses a schema, with the place in it. */
export interface SchemaError {
  /** 9 FailedToParse, 14 TypeMismatch, 2 BadValue, 51091 for a regular expression. */
  readonly code: number
  readonly message: string
  /** JSON pointer into the schema. */
  readonly path: string
}

export const FAILED_TO_PARSE = 9
export const TYPE_MISMATCH = 14
export const BAD_VALUE = 2
export const BAD_REGEX = 51091

/** One schema document on the way through the compiler: its place, and where errors go. */
export class SchemaContext {
  readonly schema: Doc
  readonly path: string
  /** Whether the schema looks at whole documents, not at the value of a field. */
  readonly top: boolean
  readonly errors: SchemaError[]

  constructor(schema: Doc, path: string, top: boolean, errors: SchemaError[]) {
    this.schema = schema
    this.path = path
    this.top = top
    this.errors = errors
  }

  report(code: number, message: string, ...steps: readonly (string | number)[]): undefined {
    this.errors.push({ code, message, path: this.path + pointer(steps) })
    return undefined
  }

  /** The context of a subschema, or an error when it is no object. */
  child(value: Value | undefined, top: boolean, ...steps: readonly (string | number)[]): SchemaContext | undefined {
    if (isDoc(value)) return new SchemaContext(value, this.path + pointer(steps), top, this.errors)
    return this.mismatch(String(steps[0]), 'must be an object', ...steps)
  }

  private mismatch(keyword: string, text: string, ...steps: readonly (string | number)[]): undefined {
    return this.report(TYPE_MISMATCH, `$jsonSchema keyword '${keyword}' ${text}`, ...steps)
  }

  string(keyword: string): string | undefined {
    const value = this.schema.get(keyword)
    if (value === undefined || typeof value === 'string') return value
    return this.mismatch(keyword, 'must be a string', keyword)
  }

  boolean(keyword: string): boolean | undefined {
    const value = this.schema.get(keyword)
    if (value === undefined || typeof value === 'boolean') return value
    return this.mismatch(keyword, 'must be a boolean', keyword)
  }

  object(keyword: string): Doc | undefined {
    const value = this.schema.get(keyword)
    if (value === undefined || isDoc(value)) return value
    return this.mismatch(keyword, 'must be an object', keyword)
  }

  array(keyword: string): readonly Value[] | undefined {
    const value = this.schema.get(keyword)
    if (value === undefined || isArray(value)) return value
    return this.mismatch(keyword, 'must be an array', keyword)
  }

  number(keyword: string): ReturnType<typeof asNumber> {
    const value = this.schema.get(keyword)
    if (value === undefined) return undefined
    return asNumber(value) ?? this.mismatch(keyword, 'must be a number', keyword)
  }

  /** A length or a count: a whole number of any type, from 0 to the largest long. */
  count(keyword: string): number | undefined {
    const value = this.schema.get(keyword)
    if (value === undefined) return undefined
    const whole = isNumeric(value) ? exactLong(value) : undefined
    if (whole !== undefined && whole >= 0n) return Number(whole)
    const text = `$jsonSchema keyword '${keyword}' must be a whole number that is not negative and fits 64 bits`
    return this.report(FAILED_TO_PARSE, text, keyword)
  }

  /** Names as `required` and `dependencies` list them: at least one, none twice. */
  names(value: readonly Value[], ...steps: readonly (string | number)[]): readonly string[] | undefined {
    const keyword = String(steps[0])
    if (value.length === 0) {
      return this.report(FAILED_TO_PARSE, `$jsonSchema keyword '${keyword}' cannot be an empty array`, ...steps)
    }
    const seen = new Set<string>()
    let good = true
    value.forEach((name, i) => {
      if (typeof name !== 'string') this.mismatch(keyword, 'must be an array of strings', ...steps, i)
      else if (seen.has(name)) {
        this.report(FAILED_TO_PARSE, `$jsonSchema keyword '${keyword}' lists '${name}' twice`, ...steps, i)
      } else {
        seen.add(name)
        return
      }
      good = false
    })
    return good ? [...seen] : undefined
  }
}

const asNumber = (value: Value) => (isNumeric(value) ? value : undefined)

const pointer = (steps: readonly (string | number)[]): string =>
  steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
