import type { FileKind, Place } from '@stage0/types'

/** Where a kind of file is shown. */
const SECTIONS = {
  types: '/types',
  dictionaries: '/schemas',
  enumerators: '/enumerators/files',
  migrations: '/migrations',
  test_data: '/test-data',
} as const satisfies Partial<Record<FileKind, string>>

const part = encodeURIComponent

/** A path with a query; what is undefined or empty is left out, so that every state has one address. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  )
  const search = new URLSearchParams(pairs).toString()
  return search === '' ? path : `${path}?${search}`
}

const withoutEnding = (fileName: string): string => fileName.replace(/\.yaml$/, '')

/** The file that a name of an address means: types, dictionaries and configurations are named without ".yaml". */
export const fileNameOf = (name: string): string => (/\.(yaml|yml|json)$/.test(name) ? name : `${name}.yaml`)

/** Addresses of the console: every page that is linked to from more than one feature. */
export const paths = {
  collections: (query: { q?: string; state?: string } = {}) => withQuery('/collections', query),
  /** @param tab Without one, the tab that is shown first. */
  collection: (name: string) => `/collections/${part(name)}`,
  version: (name: string, version: string, tab = 'schema', query: { node?: string; line?: number } = {}) =>
    withQuery(`/collections/${part(name)}/v/${part(version)}/${tab}`, query),
  /** A file of the repository, at a line. */
  file(kind: FileKind, fileName: string, line?: number): string {
    if (kind === 'configurations') return withQuery(`/collections/${part(withoutEnding(fileName))}/yaml`, { line })
    if (kind === 'types' || kind === 'dictionaries')
      return withQuery(`${SECTIONS[kind]}/${part(withoutEnding(fileName))}${line === undefined ? '' : '/text'}`, {
        line,
      })
    return withQuery(`${SECTIONS[kind]}/${part(fileName)}`, { line })
  },
  enumeration: (version: number, name: string) => `/enumerators/${String(version)}/${part(name)}`,
  problems: (query: { severity?: string; file?: string } = {}) => withQuery('/problems', query),
  /** What a code means and what to do. */
  errorCode: (code: string) => `/errors/${part(code)}`,
  /** The plan of some collections; of all without a name. */
  newPlan: (collections: readonly string[] = []) => withQuery('/plans/new', { collections: collections.join(',') }),
  /** The plan of what has something to do. */
  planBehind: () => withQuery('/plans/new', { which: 'behind' }),
  plan: (id: string) => `/plans/${part(id)}`,
  runs: (query: { status?: string; collection?: string } = {}) => withQuery('/runs', query),
  run: (id: string) => `/runs/${part(id)}`,
} as const

const isFileKind = (folder: string): folder is FileKind =>
  folder === 'configurations' || Object.hasOwn(SECTIONS, folder)

/** Kind and name of a path of the repository, "types/email.yaml"; undefined for anything else. */
export function fileOf(path: string): { kind: FileKind; fileName: string } | undefined {
  const [folder = '', fileName = '', ...rest] = path.split('/')
  return isFileKind(folder) && fileName !== '' && rest.length === 0 ? { kind: folder, fileName } : undefined
}

/** Where a place in the repository is shown; undefined where it is in no file that the console shows. */
export function placePath(place: Pick<Place, 'line'> & { readonly file?: string | undefined }): string | undefined {
  const file = place.file === undefined ? undefined : fileOf(place.file)
  return file && paths.file(file.kind, file.fileName, place.line)
}
