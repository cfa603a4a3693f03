import type { Place } from '../problem.ts'
import { Mapping, type Value } from '../value.ts'
import type { Path, SpecificationDocument } from './document.ts'

/** A name with the place where it stands. */
export interface Named {
  readonly name: string
  readonly at: Place
}

/** A port that a program can listen on, with the place where it stands. */
export interface Port {
  readonly value: bigint
  readonly at: Place
}

export interface Repo extends Partial<Named> {
  readonly place: Place
  readonly type?: string
  /** Whether it says one, of whatever form. */
  readonly hasPort: boolean
  readonly port?: Port
  /** What only a repository of its own has, where it has it. */
  readonly ownMembers: readonly Named[]
}

export type Access = 'controls' | 'creates' | 'consumes'
export const ACCESSES: readonly Access[] = ['controls', 'creates', 'consumes']

export interface Domain extends Partial<Named>, Readonly<Record<Access, readonly Named[]>> {
  readonly repos: readonly Repo[]
}

export interface Architecture {
  readonly file: string
  /** Where it says what its domains are. */
  readonly domainsAt: Place
  readonly environments: readonly Named[]
  readonly domains: readonly Domain[]
}

/** The names of the catalog; entries without a usable name are left out: the form has been complained about. */
export const catalogOf = (document: SpecificationDocument): readonly Named[] =>
  entriesOf(document, ['data_dictionaries']).flatMap((path) => namedAt(document, [...path, 'name']))

/** What an architecture says, as far as it is of the right form. */
export function architectureOf(document: SpecificationDocument): Architecture {
  const root: Path = ['architecture']
  return {
    file: document.file,
    domainsAt: document.place([...root, 'domains'], 'key'),
    environments: entriesOf(document, [...root, 'environments']).flatMap((path) =>
      namedAt(document, [...path, 'name']),
    ),
    domains: entriesOf(document, [...root, 'domains']).map((path) => domainAt(document, path)),
  }
}

function domainAt(document: SpecificationDocument, path: Path): Domain {
  const names = (access: Access): readonly Named[] =>
    entriesOf(document, [...path, 'data_domains', access]).flatMap((at) => namedAt(document, at))
  return {
    ...namedAt(document, [...path, 'name'])[0],
    controls: names('controls'),
    creates: names('creates'),
    consumes: names('consumes'),
    repos: entriesOf(document, [...path, 'repos']).map((at) => repoAt(document, at)),
  }
}

function repoAt(document: SpecificationDocument, path: Path): Repo {
  const type = valueAt(document.value, [...path, 'type'])
  const port = portAt(document, [...path, 'port'])
  return {
    ...namedAt(document, [...path, 'name'])[0],
    place: document.place(path),
    ...(typeof type === 'string' ? { type } : {}),
    hasPort: valueAt(document.value, [...path, 'port']) !== undefined,
    ...(port === undefined ? {} : { port }),
    ownMembers: ['template', 'publish'].flatMap((name) =>
      valueAt(document.value, [...path, name]) === undefined
        ? []
        : [{ name, at: document.place([...path, name], 'key') }],
    ),
  }
}

/** A port where there is one, of the right form. */
export function portAt(document: SpecificationDocument, path: Path): Port | undefined {
  const value = valueAt(document.value, path)
  return typeof value === 'bigint' && value >= 0n && value <= 65_535n ? { value, at: document.place(path) } : undefined
}

/** A text where there is one, with its place. */
export function namedAt(document: SpecificationDocument, path: Path): readonly Named[] {
  const name = valueAt(document.value, path)
  return typeof name === 'string' && name !== '' ? [{ name, at: document.place(path) }] : []
}

/** The paths of the entries of a list; none where there is no list. */
function entriesOf(document: SpecificationDocument, path: Path): readonly Path[] {
  const list = valueAt(document.value, path)
  return Array.isArray(list) ? list.map((_, index) => [...path, index]) : []
}

/** `undefined` where the path leads nowhere. */
export function valueAt(value: Value, path: Path): Value | undefined {
  let found: Value | undefined = value
  for (const step of path) {
    if (found instanceof Mapping) found = found.get(step)
    else found = Array.isArray(found) && typeof step === 'number' ? (found as readonly Value[])[step] : undefined
  }
  return found
}
