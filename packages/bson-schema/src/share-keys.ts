const SLOTS = 1024
const slots: (readonly string[] | undefined)[] = new Array<readonly string[] | undefined>(SLOTS)

/**
 * The keys of a document in an array that is no longer than needed, the same one for documents of one shape: most
 * documents of a collection have the same keys, and a list of its own would be a good part of a small document.
 */
export function shareKeys(keys: readonly string[]): readonly string[] {
  const length = keys.length
  if (length === 0) return EMPTY
  let hash = length
  for (let i = 0; i < length; i++) hash = (Math.imul(hash, 31) + (keys[i] as string).length) | 0
  const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1)
  const known = slots[slot]
  if (known !== undefined && known.length === length) {
    let i = 0
    while (i < length && known[i] === keys[i]) i++
    if (i === length) return known
  }
  return (slots[slot] = keys.slice())
}

const EMPTY: readonly string[] = []

/** Arrays that were filled one by one have room for more; small ones are cut to their size. */
export const trimmed = <T>(items: T[]): T[] => (items.length < TRIM_BELOW ? items.slice() : items)

/** From here on the unused room is a small part. */
const TRIM_BELOW = 64
