import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { canonicalJson, sha256Hex } from '../plan/canonical.ts'

/** Texts of shared parts are kept up to this length; a longer one would cost more memory than it saves time. */
const MAX_KEPT_CHARACTERS = 4096

/**
 * The hash of a schema: SHA-256 of its canonical JSON. One hasher serves many schemas that share parts (the types of a
 * repository) and writes each shared part once.
 */
export class SchemaHasher {
  readonly #texts = new WeakMap<Doc, string>()
  readonly #isShared: (part: Doc) => boolean

  constructor(isShared: (part: Doc) => boolean) {
    this.#isShared = isShared
  }

  hash(schema: Doc): string {
    return sha256Hex(this.#text(schema))
  }

  /** The same text as `canonicalJson`, part by part. */
  #text(value: Value): string {
    if (isArray(value)) return `[${value.map((item) => this.#text(item)).join(',')}]`
    if (!isDoc(value)) return canonicalJson(value)
    const isShared = this.#isShared(value)
    const known = isShared ? this.#texts.get(value) : undefined
    if (known !== undefined) return known
    const fields = value.keys.map((key, i) => `${JSON.stringify(key)}:${this.#text(value.values[i] as Value)}`)
    const text = `{${fields.join(',')}}`
    if (isShared && text.length <= MAX_KEPT_CHARACTERS) this.#texts.set(value, text)
    return text
  }
}
