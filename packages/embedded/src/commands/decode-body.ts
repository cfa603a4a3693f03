import { decode, type Doc } from '@stage0/bson-schema'
import { concat } from '../raw/build.ts'
import { arrayDocuments, findElement } from '../raw/codec.ts'
import type { ScannedDocument } from '../raw/scan-document.ts'
import { ServerError } from '../server-error.ts'
import { MAX_MESSAGE_NESTING } from '../wire/limits.ts'
import type { Request } from '../wire/message.ts'

/** A command in its parts. */
export interface Decoded {
  readonly body: Doc
  readonly documents: readonly ScannedDocument[] | undefined
}

/** `insert` is the only command that has documents; its name is the first field. */
const isInsert = (body: Uint8Array): boolean => INSERT.every((code, i) => body[i + 5] === code)
const INSERT = [...Buffer.from('insert\0')]

/** Decodes a command; the documents of an insert stay raw, they are stored as they come. */
export function decodeBody(request: Request): Decoded {
  const { body: bytes, sequences } = request
  let rest = bytes
  let documents: readonly ScannedDocument[] | undefined
  const element = sequences.size > 0 || !isInsert(bytes) ? undefined : findElement(bytes, 'documents')
  if (element?.type === 0x04) {
    documents = arrayDocuments(bytes, element, MAX_MESSAGE_NESTING)
    if (documents === undefined)
      throw new ServerError(14, "BSON field 'documents.0' is the wrong type, expected type 'object'")
    rest = concat([bytes.subarray(0, element.start), bytes.subarray(element.end)])
    new DataView(rest.buffer).setInt32(0, rest.length, true)
  }
  let body = decode(rest)
  for (const [name, items] of sequences) {
    if (body.has(name)) throw new ServerError(40413, `BSON field '${body.keys[0] ?? ''}.${name}' is a duplicate field`)
    if (name === 'documents') documents = items
    else
      body = body.with(
        name,
        items.map(({ bytes: all, from, end }) => decode(all.subarray(from, end))),
      )
  }
  return { body, documents }
}
