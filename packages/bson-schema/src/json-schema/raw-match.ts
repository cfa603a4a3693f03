import { decodeValue } from '../decode.ts'
import { cachedKey } from '../key-cache.ts'
import { decodeUtf8 } from '../utf8.ts'
import type { RawTest, Rule, SchemaNode } from './node.ts'

export const TYPE_DOUBLE = 0x01
export const TYPE_STRING = 0x02
export const TYPE_DOCUMENT = 0x03
export const TYPE_ARRAY = 0x04
export const TYPE_INT = 0x10
export const TYPE_LONG = 0x12
export const TYPE_DECIMAL = 0x13

/** Behind its length of four bytes a string has its text and a zero byte. */
const STRING_FRAME_BYTES = 5

export const textBytes = (at: number, end: number): number => end - at - STRING_FRAME_BYTES

/** For rules that look only at values of one type. */
export const unlessType =
  (wanted: number): RawTest =>
  (_bytes, type) =>
    type !== wanted

/** All rules at once: by the bytes where they suffice, else by the decoded value. */
export function rawTest(rules: readonly Rule[], matches: Rule['matches']): RawTest {
  const decoded: RawTest = (bytes, type, at, end) => matches(decodeValue(bytes, type, at, end))
  const tests = rules.flatMap(({ sure }) => sure ?? [])
  if (tests.length < rules.length) return decoded
  const [first, second] = tests
  if (first === undefined) return () => true
  if (second === undefined) {
    return (bytes, type, at, end) => first(bytes, type, at, end) || decoded(bytes, type, at, end)
  }
  return (bytes, type, at, end) => {
    for (const test of tests) if (!test(bytes, type, at, end)) return decoded(bytes, type, at, end)
    return true
  }
}

export const int32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24)

/** Where a value ends; -1 for what is cut off, and for the types that are too rare to be looked at. */
function valueEnd(bytes: Uint8Array, type: number, at: number, end: number): number {
  const length = lengthOf(bytes, type, at, end)
  return length < 0 || length > end - at ? -1 : at + length
}

function lengthOf(bytes: Uint8Array, type: number, at: number, end: number): number {
  switch (type) {
    case TYPE_STRING:
      return at + 4 > end ? -1 : 4 + int32(bytes, at)
    case TYPE_DOCUMENT:
    case TYPE_ARRAY:
      return at + 4 > end ? -1 : int32(bytes, at)
    case TYPE_INT:
      return 4
    case TYPE_DOUBLE:
    case TYPE_LONG:
    case 0x09:
    case 0x11:
      return 8
    case 0x05:
      return at + 4 > end ? -1 : 5 + int32(bytes, at)
    case 0x06:
    case 0x0a:
      return 0
    case 0x07:
      return 12
    case 0x08:
      return 1
    case TYPE_DECIMAL:
      return 16
    default:
      return -1
  }
}

/** What a schema says about the fields of a document, as far as bytes can show it. */
export interface RawObjectSchema {
  readonly properties: ReadonlyMap<string, SchemaNode>
  readonly additional: false | SchemaNode | undefined
  readonly required: ReadonlySet<string>
}

interface KnownField {
  readonly name: Uint8Array
  readonly node: SchemaNode | undefined
  readonly isRequired: boolean
  /** The walk that saw the field last. */
  seen: number
}

/**
 * Whether a document surely satisfies the schema. Of a repeated field only the last counts; here all must be valid, which is
 * stricter: such a document is decoded. The fields of most documents come in the same order, so that a name is compared with
 * that of the field which came next the last time, before it is looked up.
 */
export function rawFields({ properties, additional, required }: RawObjectSchema): RawTest {
  const names = [...new Set([...properties.keys(), ...required])]
  const known = names.map((name): KnownField => {
    return { name: utf8.encode(name), node: properties.get(name), isRequired: required.has(name), seen: 0 }
  })
  const positions = new Map(names.map((name, i) => [name, i]))
  const positionOf = (bytes: Uint8Array, from: number, to: number): number => {
    const text = cachedKey(bytes, from, to)?.text ?? decodeUtf8(bytes, from, to)
    return text === undefined ? -1 : (positions.get(text) ?? -1)
  }
  /** `next[i + 1]` came after the field `i` the last time. */
  const next = [...names.keys(), 0]
  let walks = 0
  return (bytes, type, from, end) => {
    if (type !== TYPE_DOCUMENT) return true
    const walk = ++walks
    const last = end - 1
    let missing = required.size
    let before = -1
    for (let at = from + 4; at < last;) {
      const fieldType = bytes[at] as number
      const nameAt = at + 1
      let position = next[before + 1] as number
      let field = known[position]
      let valueAt = field === undefined ? -1 : endOfName(bytes, nameAt, last, field.name)
      if (valueAt < 0) {
        let nameEnd = nameAt
        while (nameEnd < last && bytes[nameEnd] !== 0) nameEnd++
        valueAt = nameEnd + 1
        position = positionOf(bytes, nameAt, nameEnd)
        field = known[position]
        if (field !== undefined) next[before + 1] = position
      }
      at = valueEnd(bytes, fieldType, valueAt, last)
      if (at < 0) return false
      if (field === undefined) {
        if (additional === undefined) continue
        if (additional === false || !additional.matchesRaw(bytes, fieldType, valueAt, at)) return false
        continue
      }
      before = position
      if (field.node === undefined) {
        if (additional === false) return false
        if (additional !== undefined && !additional.matchesRaw(bytes, fieldType, valueAt, at)) return false
      } else if (!field.node.matchesRaw(bytes, fieldType, valueAt, at)) return false
      if (field.isRequired && field.seen !== walk) missing--
      field.seen = walk
    }
    return missing === 0
  }
}

/** Where the value starts behind the name `expected`; -1 where another name stands there. */
function endOfName(bytes: Uint8Array, at: number, end: number, expected: Uint8Array): number {
  const { length } = expected
  if (at + length >= end || bytes[at + length] !== 0) return -1
  for (let i = 0; i < length; i++) if (bytes[at + i] !== expected[i]) return -1
  return at + length + 1
}

/** The part of the platform's encoder that is used. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array }
const utf8 = new TextEncoder()
