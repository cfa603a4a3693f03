import { decodeUtf8 } from './utf8.ts'

/** A field name that was seen before. `seen[depth]` is the number of the last document at that depth that has it. */
export interface CachedKey {
  readonly text: string
  readonly bytes: Uint8Array
  readonly seen: number[]
}

const SLOTS = 4096
const MAX_KEY_BYTES = 64
const slots: (CachedKey | undefined)[] = new Array<CachedKey | undefined>(SLOTS)

/**
 * The entry of an ASCII field name, so that documents of one collection share their key strings and a repeated key is
 * found without a search. `undefined` for long or other names, and when another name has the slot: entries are never
 * replaced, since an entry also carries the mark by which a repeated key of a document is found.
 */
export function cachedKey(bytes: Uint8Array, from: number, to: number): CachedKey | undefined {
  const length = to - from
  if (length === 0 || length > MAX_KEY_BYTES) return undefined
  let hash = length
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
  const found = slots[slot]
  if (found === undefined) {
    for (let i = from; i < to; i++) if ((bytes[i] as number) >= 0x80) return undefined
    const text = decodeUtf8(bytes, from, to)
    if (text === undefined) return undefined
    return (slots[slot] = { text, bytes: Uint8Array.prototype.slice.call(bytes, from, to), seen: [] })
  }
  if (found.bytes.length !== length) return undefined
  for (let i = 0; i < length; i++) if (found.bytes[i] !== bytes[from + i]) return undefined
  return found
}
