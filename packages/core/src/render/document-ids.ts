import { Doc, isDoc, type Value } from '@stage0/bson-schema'
import { ObjectId } from 'bson'
import { sha256Hex } from '../plan/canonical.ts'

/** An ObjectId has 12 bytes. */
const OBJECT_ID_HEX_DIGITS = 24

/**
 * The documents of a test data file, each with an `_id`.
 *
 * A document without one gets, as its first field, an ObjectId made of the first 12 bytes of the SHA-256 of
 * "<file name>#<ordinal>" (ordinals count from 0). The same file gives the same ids on every machine and in every run,
 * so that loading a file twice finds its own documents.
 */
export const withIds = (fileName: string, items: readonly Value[]): readonly Value[] =>
  items.map((item, ordinal) => {
    if (!isDoc(item) || item.has('_id')) return item
    const id = new ObjectId(sha256Hex(`${fileName}#${ordinal}`).slice(0, OBJECT_ID_HEX_DIGITS))
    return new Doc(['_id', ...item.keys], [id, ...item.values])
  })
