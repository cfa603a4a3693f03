import type { CollectionRow, Graph, RunSummary, SchemaNode } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { paletteEntries, searchEntries, type GroupNames } from './palette-view.ts'

const group: GroupNames = {
  collections: 'Collections',
  files: 'Files',
  enumerators: 'Enumerators',
  runs: 'Runs',
  properties: 'Properties',
  problems: 'Problems',
}
const row: CollectionRow = {
  name: 'user',
  title: '',
  description: 'People who sign in',
  file: 'configurations/user.yaml',
  newest: '1.1.0.2',
  recorded: '1.0.0.1',
  pending: ['1.1.0.2'],
  state: 'behind',
  drift: [],
  locked: false,
  versions: 2,
  problems: { errors: 1, warnings: 0 },
}
const node = (path: string) => ({ path, description: '' }) as SchemaNode
const graph: Graph = {
  nodes: [
    { id: 'types/email.yaml', kind: 'types', name: 'email', file: 'types/email.yaml', broken: false },
    { id: 'collection:user', kind: 'collection', name: 'user', broken: false },
  ],
  edges: [],
}
const entries = paletteEntries(
  {
    collections: [row],
    graph,
    runs: [{ run_id: '01J', status: 'failed' } as RunSummary],
    enumerations: [{ name: 'status', used_by: 1, versions: [{ version: 2, file: '', locked: false, values: [] }] }],
    schema: { name: 'user', version: '1.1.0.2', nodes: [node(''), node('/address/city')] },
  },
  group,
)
const labels = (query: string) => searchEntries(entries, query, 10).map(({ label, group: of }) => `${of}: ${label}`)

describe('the palette', () => {
  it('goes to collections, versions, properties, enumerators, files and runs', () => {
    expect(entries.map(({ to }) => to)).toEqual([
      '/collections/user',
      '/collections/user/v/1.1.0.2/schema',
      '/collections/user/v/1.0.0.1/schema',
      '/problems?file=configurations%2Fuser.yaml',
      '/collections/user/v/1.1.0.2/schema?node=%2Faddress%2Fcity',
      '/enumerators/2/status',
      '/types/email',
      '/runs/01J',
    ])
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
  })

  it('finds a property by its path', () => {
    expect(labels('user/address/city')).toEqual(['Properties: user/address/city'])
  })

  it('puts what begins with the query first and finds by description', () => {
    expect(labels('sign in')).toEqual(['Collections: user'])
    expect(labels('email')).toEqual(['Files: types/email.yaml'])
    expect(labels('user')[0]).toBe('Collections: user')
  })

  it('finds nothing for nothing, and takes signs as they are', () => {
    expect(labels('  ')).toEqual([])
    expect(labels('.*')).toEqual([])
  })

  it('gives no more than it is asked for', () => {
    expect(searchEntries(entries, 'user', 2)).toHaveLength(2)
  })

  it('is empty as long as nothing is known', () => {
    expect(paletteEntries({}, group)).toEqual([])
  })
})
