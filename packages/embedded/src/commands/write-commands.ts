import { isDoc } from '@stage0/bson-schema'
import { on, type Privilege } from '../auth/privileges.ts'
import { findAndModify } from '../write/find-and-modify.ts'
import { insert } from '../write/insert.ts'
import { remove, update } from '../write/update-delete.ts'
import type { Call, CommandDefinition } from './call.ts'
import { isSet } from './fields.ts'

/** Privileges of a write on the collection of the command; bypassing the rules is one of its own. */
function needs(call: Call, ...actions: string[]): readonly Privilege[] {
  const name = call.body.values[0]
  const bypass = isSet(call.body.get('bypassDocumentValidation')) ? ['bypassDocumentValidation'] : []
  return [on(call.database, typeof name === 'string' ? name : '', ...actions, ...bypass)]
}

const isUpsert = (item: unknown): boolean => isDoc(item) && isSet(item.get('upsert'))

export const WRITE_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['insert'],
    summary: 'documents, ordered, bypassDocumentValidation',
    fields: ['documents', 'ordered', 'bypassDocumentValidation'],
    access: (call) => needs(call, 'insert'),
    run: insert,
  },
  {
    names: ['update'],
    summary: 'operators, replacement, pipeline; multi, upsert, arrayFilters, collation, hint, let',
    fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
    access: (call) => {
      const items = call.body.get('updates')
      const isInsert = Array.isArray(items) && items.some(isUpsert)
      return needs(call, 'update', 'find', ...(isInsert ? ['insert'] : []))
    },
    run: update,
  },
  {
    names: ['delete'],
    summary: 'one or all that match; collation, hint, let',
    fields: ['deletes', 'ordered', 'let'],
    access: (call) => needs(call, 'remove', 'find'),
    run: remove,
  },
  {
    names: ['findAndModify', 'findandmodify'],
    summary:
      'update, replace or remove one and return it; sort, new, upsert, fields, arrayFilters, collation, hint, let',
    fields: [
      'query',
      'sort',
      'remove',
      'update',
      'new',
      'fields',
      'upsert',
      'bypassDocumentValidation',
      'collation',
      'arrayFilters',
      'hint',
      'let',
    ],
    access: (call) => {
      const { body } = call
      const actions = isSet(body.get('remove')) ? ['find', 'remove'] : ['find', 'update']
      return needs(call, ...actions, ...(isSet(body.get('upsert')) ? ['insert'] : []))
    },
    run: findAndModify,
  },
]
