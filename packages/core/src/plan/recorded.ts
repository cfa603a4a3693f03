import { relaxedJson, type Doc, type Value } from '@stage0/bson-schema'
import type { Problem } from '@stage0/types'
import type { Observed, RecordedVersion } from './observed.ts'
import { planProblem } from './problem.ts'
import { compareVersions, parseStoredVersion, versionText, type VersionNumber } from '../model/version-number.ts'
import type { WantedCollection, WantedVersion } from './wanted.ts'

/** What a database records of one collection, judged against the repository. */
export interface Recorded {
  readonly number: VersionNumber | undefined
  /** The recorded version in the repository, unless it is missing there or was edited. */
  readonly version: WantedVersion | undefined
  /** Newer than the recorded one, ascending. Empty where the record cannot be trusted. */
  readonly pending: readonly WantedVersion[]
  readonly problems: readonly Problem[]
}

/** Reads the versions documents of `name`: every way in which they can contradict the repository has its own code. */
export function readRecorded(name: string, wanted: WantedCollection | undefined, observed: Observed): Recorded {
  const documents = observed.versions.filter((one) => one.collection === name)
  const first = documents[0]
  const versions = wanted?.versions ?? []
  if (first === undefined) return { number: undefined, version: undefined, pending: versions, problems: [] }
  const bad = (problem: Problem, number?: VersionNumber): Recorded => ({
    number,
    version: undefined,
    pending: [],
    problems: [problem],
  })
  if (documents.length > 1) {
    const text = `${documents.length} version documents for ${name}: ${documents.map((one) => identify(one.document)).join(', ')}`
    return bad(planProblem('VERSION_RECORD_DUPLICATE', 'error', text))
  }
  const number = first.current === undefined ? undefined : parseStoredVersion(name, first.current)
  if (number === undefined) {
    const found = fieldText(first.document, 'current_version')
    const text = `the version document of ${name} (_id ${idText(first.document)}) has ${found}; it must be of the form "${name}.1.2.3" or "${name}.1.2.3.4"`
    return bad(unreadable('current_version', text))
  }
  if (wanted === undefined) return { number, version: undefined, pending: [], problems: [unmanaged(name, number)] }
  const problem = contradiction(wanted, number, first, observed)
  if (problem !== undefined) return bad(problem, number)
  const version = versions.find((one) => compareVersions(one.number, number) === 0)
  const pending = versions.filter((one) => compareVersions(one.number, number) > 0)
  return { number, version, pending, problems: [] }
}

/** Version documents that belong to no collection, since their `collection_name` is no name. */
export const unreadableNames = (observed: Observed): Problem[] =>
  observed.versions
    .filter((one) => one.collection === undefined)
    .map(({ document }) => {
      const [named, current] = [fieldText(document, 'collection_name'), fieldText(document, 'current_version')]
      const text = `the version document with the _id ${idText(document)} has ${named}, which must be the name of a collection; it has ${current}`
      return unreadable('collection_name', text)
    })

const unreadable = (field: 'collection_name' | 'current_version', text: string): Problem => {
  const hint = `Correct \`${field}\` of the named document, or delete it where nothing was applied; then plan again.`
  return planProblem('VERSION_RECORD_UNREADABLE', 'error', text, { hint })
}

/** `_id` and version, to find the document by. */
function identify(document: Doc): string {
  const current = document.get('current_version')
  return `{_id: ${idText(document)}, current_version: ${current === undefined ? 'missing' : shortText(current)}}`
}

const fieldText = (document: Doc, field: string): string => {
  const value = document.get(field)
  return value === undefined ? `no ${field}` : `the ${field} ${shortText(value)}`
}

/** The `_id` as Extended JSON: so it can be put into a query. */
const idText = (document: Doc): string => relaxedJson(document.get('_id') ?? null)

/** A sentence has room for so much of a value that is wrong. */
const SHOWN_CHARACTERS = 120

/** A value of any type as Extended JSON, its beginning where it is long. */
function shortText(value: Value): string {
  const text = relaxedJson(value)
  if (text.length <= SHOWN_CHARACTERS) return text
  return `${[...text].slice(0, SHOWN_CHARACTERS).join('')} … (${text.length} characters)`
}

const unmanaged = (name: string, number: VersionNumber): Problem =>
  planProblem(
    'COLLECTION_NOT_IN_REPOSITORY',
    'warning',
    `${name} is recorded at ${versionText(number)}, but has no configuration`,
  )

function contradiction(
  wanted: WantedCollection,
  number: VersionNumber,
  record: RecordedVersion,
  observed: Observed,
): Problem | undefined {
  const { name, versions } = wanted
  const newest = versions.at(-1)
  const recorded = versionText(number)
  if (newest === undefined || compareVersions(newest.number, number) < 0) {
    const text = `${name} is recorded at ${recorded}; the newest version in ${wanted.file} is ${newest?.version ?? 'none'}`
    return planProblem('VERSION_AHEAD', 'error', text, { source: newest?.source })
  }
  const same = versions.find((one) => compareVersions(one.number, number) === 0)
  if (same === undefined) {
    const text = `${name} is recorded at ${recorded}, which ${wanted.file} does not list`
    return planProblem('VERSION_NOT_IN_REPOSITORY', 'error', text, { source: newest.source })
  }
  if (record.schemaHash !== undefined && record.schemaHash !== same.schemaHash) {
    const text = `the schema of ${name} ${recorded} is not the one that was applied`
    return planProblem('VERSION_EDITED', 'error', text, { source: same.source })
  }
  const skipped = skippedVersion(wanted, number, observed)
  if (skipped === undefined) return undefined
  const text = `${name} ${skipped.version} was never applied, and the database is at ${recorded} already`
  return planProblem('VERSION_OUT_OF_ORDER', 'error', text, { source: skipped.source })
}

/** A version between the first one that the history knows and the recorded one, which the history does not know. */
function skippedVersion(
  wanted: WantedCollection,
  number: VersionNumber,
  observed: Observed,
): WantedVersion | undefined {
  const applied = observed.history.filter((one) => one.collection === wanted.name).map((one) => one.version)
  const known = new Set(applied)
  const first = wanted.versions.find((one) => known.has(one.version))
  if (first === undefined) return undefined
  return wanted.versions.find(
    (one) =>
      compareVersions(one.number, first.number) > 0 &&
      compareVersions(one.number, number) < 0 &&
      !known.has(one.version),
  )
}
