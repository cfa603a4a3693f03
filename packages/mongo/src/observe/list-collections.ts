import { isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { ObservedCollection } from '@stage0/core'
import type { Db } from 'mongodb'
import { AS_BYTES, readDocument } from '../driver-values.ts'
import { docAt, textAt, uuidHex } from './fields.ts'

export type ListedCollection = Omit<ObservedCollection, 'indexes' | 'estimatedDocuments'>

/** What the server leaves out when nothing was set, before and after SERVER-53575: filled in, so that comparing is exact. */
const DEFAULT_LEVEL = 'strict'
const DEFAULT_ACTION = 'error'
const VALIDATION_OPTIONS = ['validator', 'validationLevel', 'validationAction']

/** Collections and views of the database but the server's own (`system.*`), by name. */
export async function listCollections(db: Db, filter: { readonly name?: string } = {}): Promise<ListedCollection[]> {
  const listed: ListedCollection[] = []
  for await (const bytes of db.listCollections(filter, AS_BYTES)) {
    const entry = fromListing(readDocument(bytes))
    if (!entry.name.startsWith('system.')) listed.push(entry)
  }
  return listed.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function fromListing(entry: Doc): ListedCollection {
  const options = docAt(entry, 'options')
  const validator = options.get('validator')
  return {
    name: textAt(entry, 'name') ?? '',
    type: typeOf(entry.get('type')),
    uuid: uuidHex(docAt(entry, 'info').get('uuid')),
    validator: isDoc(validator) && validator.size > 0 ? validator : undefined,
    validationLevel: textAt(options, 'validationLevel') ?? DEFAULT_LEVEL,
    validationAction: textAt(options, 'validationAction') ?? DEFAULT_ACTION,
    options: VALIDATION_OPTIONS.reduce((rest, key) => rest.without(key), options),
  }
}

const typeOf = (value: Value | undefined): ObservedCollection['type'] =>
  value === 'view' || value === 'timeseries' ? value : 'collection'
