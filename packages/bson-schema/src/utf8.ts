/** The part of the platform's decoder that is used: it is in Node and in every browser, but not in the ES2023 library. */
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string }

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Up to this many bytes a loop over ASCII is faster than a call of the platform's decoder. */
const SHORT_TEXT_BYTES = 32

const codes: number[] = []

/** Decodes UTF-8; `undefined` when the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (to - from <= SHORT_TEXT_BYTES) {
    codes.length = 0
    let i = from
    for (; i < to; i++) {
      const byte = bytes[i] as number
      if (byte >= 0x80) break
      codes.push(byte)
    }
    if (i === to) return String.fromCharCode.apply(null, codes)
  }
  try {
    return strict.decode(bytes.subarray(from, to))
  } catch {
    return undefined
  }
}

/**
 * Writes a text as UTF-8 and returns the position after it. The target must have room for 3 bytes per UTF-16 unit.
 * A lone surrogate becomes U+FFFD, as every encoder writes it.
 */
export function encodeUtf8(text: string, target: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      target[at++] = unit
    } else if (unit < 0x800) {
      target[at++] = 0xc0 | (unit >> 6)
      target[at++] = 0x80 | (unit & 0x3f)
    } else {
      const point = text.codePointAt(i) as number
      if (point > 0xffff) {
        i++
        target[at++] = 0xf0 | (point >> 18)
        target[at++] = 0x80 | ((point >> 12) & 0x3f)
        target[at++] = 0x80 | ((point >> 6) & 0x3f)
        target[at++] = 0x80 | (point & 0x3f)
      } else {
        const valid = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point
        target[at++] = 0xe0 | (valid >> 12)
        target[at++] = 0x80 | ((valid >> 6) & 0x3f)
        target[at++] = 0x80 | (valid & 0x3f)
      }
    }
  }
  return at
}
