import { defineQueryOptions } from '@pinia/colada'
import type { FileKind } from '@stage0/types'
import { api, type RenderedKind, type RunQuery } from './api.ts'

/**
 * Keys of what the console has asked the service for. A key begins with what it is about, so that
 * `invalidateQueries({ key: keys.runs.root })` reaches every page of the run history.
 */
export const keys = {
  ready: ['ready'],
  config: ['config'],
  collections: ['collections'],
  collection: (name: string) => ['collections', name],
  version: (name: string, version: string) => ['collections', name, 'versions', version],
  rendered: (as: RenderedKind, name: string, version: string) => ['collections', name, 'versions', version, as],
  files: (kind: FileKind) => ['files', kind],
  fileText: (kind: FileKind, fileName: string) => ['files', kind, fileName, 'text'],
  schema: (kind: FileKind, fileName: string) => ['files', kind, fileName, 'schema'],
  usages: (kind: FileKind, fileName: string) => ['files', kind, fileName, 'usages'],
  enumerations: ['enumerations'],
  enumerationUsages: (name: string) => ['enumerations', name, 'usages'],
  graph: ['graph'],
  problems: ['problems'],
  errorCode: (code: string) => ['errors', code],
  plans: {
    root: ['plans'],
    one: (id: string) => ['plans', id],
    evidence: (id: string) => ['plans', id, 'evidence'],
  },
  runs: {
    root: ['runs'],
    list: (query: RunQuery) => ['runs', 'list', { ...query }],
    one: (id: string) => ['runs', 'one', id],
  },
} as const

/** What changes when a run has changed the database: invalidate these after a run ended. */
export const CHANGED_BY_RUN = [keys.collections, keys.runs.root, keys.ready] as const

/** Files change only on disk, and rarely; the state of the database at any time. */
const FILES_MS = 10_000
const STATE_MS = 2_000

export const configQuery = defineQueryOptions({
  key: keys.config,
  query: ({ signal }) => api.config({ signal }),
  staleTime: 60_000,
})
export const readyQuery = defineQueryOptions({ key: keys.ready, query: ({ signal }) => api.ready({ signal }) })
export const collectionsQuery = defineQueryOptions({
  key: keys.collections,
  query: ({ signal }) => api.collections({ signal }),
  staleTime: STATE_MS,
})
export const collectionQuery = defineQueryOptions((name: string) => ({
  key: keys.collection(name),
  query: ({ signal }) => api.collection(name, { signal }),
  staleTime: STATE_MS,
}))
export const versionQuery = defineQueryOptions((of: { name: string; version: string }) => ({
  key: keys.version(of.name, of.version),
  query: ({ signal }) => api.version(of.name, of.version, { signal }),
  staleTime: STATE_MS,
}))
export const renderedQuery = defineQueryOptions((of: { as: RenderedKind; name: string; version: string }) => ({
  key: keys.rendered(of.as, of.name, of.version),
  query: ({ signal }) => api.rendered(of.as, of.name, of.version, { signal }),
  staleTime: FILES_MS,
}))
export const filesQuery = defineQueryOptions((kind: FileKind) => ({
  key: keys.files(kind),
  query: ({ signal }) => api.files(kind, { signal }),
  staleTime: FILES_MS,
}))
export const fileTextQuery = defineQueryOptions((of: { kind: FileKind; fileName: string }) => ({
  key: keys.fileText(of.kind, of.fileName),
  query: ({ signal }) => api.fileText(of.kind, of.fileName, { signal }),
  staleTime: FILES_MS,
}))
export const schemaQuery = defineQueryOptions((of: { kind: 'dictionaries' | 'types'; fileName: string }) => ({
  key: keys.schema(of.kind, of.fileName),
  query: ({ signal }) => api.schema(of.kind, of.fileName, { signal }),
  staleTime: FILES_MS,
}))
export const usagesQuery = defineQueryOptions((of: { kind: FileKind; fileName: string }) => ({
  key: keys.usages(of.kind, of.fileName),
  query: ({ signal }) => api.usages(of.kind, of.fileName, { signal }),
  staleTime: FILES_MS,
}))
export const enumerationsQuery = defineQueryOptions({
  key: keys.enumerations,
  query: ({ signal }) => api.enumerations({ signal }),
  staleTime: FILES_MS,
})
export const enumerationUsagesQuery = defineQueryOptions((name: string) => ({
  key: keys.enumerationUsages(name),
  query: ({ signal }) => api.enumerationUsages(name, { signal }),
  staleTime: FILES_MS,
}))
export const graphQuery = defineQueryOptions({
  key: keys.graph,
  query: ({ signal }) => api.graph({ signal }),
  staleTime: FILES_MS,
})
export const problemsQuery = defineQueryOptions({
  key: keys.problems,
  query: ({ signal }) => api.problems({ signal }),
  staleTime: FILES_MS,
})
export const errorCodeQuery = defineQueryOptions((code: string) => ({
  key: keys.errorCode(code),
  query: ({ signal }) => api.errorCode(code, { signal }),
  staleTime: Infinity,
}))
export const planQuery = defineQueryOptions((id: string) => ({
  key: keys.plans.one(id),
  query: ({ signal }) => api.plan(id, { signal }),
  // A plan never changes; it may be forgotten by the service.
  staleTime: Infinity,
}))
export const runsQuery = defineQueryOptions((query: RunQuery) => ({
  key: keys.runs.list(query),
  query: ({ signal }) => api.runs(query, { signal }),
  staleTime: STATE_MS,
}))
export const runQuery = defineQueryOptions((id: string) => ({
  key: keys.runs.one(id),
  query: ({ signal }) => api.run(id, { signal }),
  staleTime: STATE_MS,
}))
