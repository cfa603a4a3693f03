import { doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import type { StepOf } from '../plan/plan.ts'
import { workText } from './work.ts'

const SIZE = { documents: 300, bytes: 21_200, storage_bytes: 9000, index_bytes: 57_600 }
const base = { collection: 'user', version: '1.0.0.0', name: '', risks: [], recovery: 'observe', undo: '' } as const
const migrate = (parts: Partial<StepOf<'migrate'>>): StepOf<'migrate'> => ({
  ...{ ...base, kind: 'migrate', id: 'user/1.0.0.0/migrate/m.json', file: 'm.json', contentHash: '', why: '' },
  ...{ pipeline: [doc({ $set: { a: 1 } }), doc({ $out: 'user' })], strategy: 'online', target: 'user' },
  ...{ repeatable: true, transform: undefined, from: undefined },
  ...parts,
})
const from = { last: 5, upTo: 9, ranges: 3, done: 60, modified: 60, total: 300 }

describe('the work of a migration', () => {
  it.each<[string, Partial<StepOf<'migrate'>>, string]>([
    ['online', {}, 'reads 300 documents (21.2 kB) and rewrites each that changes, with its index entries'],
    [
      'that goes on',
      { from },
      'goes on where it stopped: reads 240 of 300 documents (21.2 kB) and rewrites each that changes, with its index entries',
    ],
    [
      'as written onto itself',
      { strategy: 'as-written' },
      'reads 300 documents (21.2 kB), writes the result a second time and builds all indexes anew (57.6 kB)',
    ],
    [
      'as written elsewhere',
      { strategy: 'as-written', target: 'copy' },
      'reads 300 documents (21.2 kB) and writes the result to copy',
    ],
  ])('%s', (_how, parts, words) => {
    expect(workText(migrate(parts), SIZE)).toBe(words)
  })
})
