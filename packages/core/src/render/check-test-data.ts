import { compileSchema, doc, isDoc, violations, type Doc, type Value } from '@stage0/bson-schema'
import type { Severity } from '@stage0/types'
import type { Configuration, ConfigurationVersion, DataFile } from '../model/model.ts'
import { versionText } from '../model/version-number.ts'
import type { IndexHistory } from './check-indexes.ts'
import type { ProblemList } from './problem-list.ts'
import { quoted } from './quoted.ts'
import { findCollisions, isCheckable, type Collision, type LoadedDocument, type UniqueIndex } from './unique-check.ts'

/** Documents and rules beyond these are counted, not listed. */
const MAX_LISTED_DOCUMENTS = 20
const MAX_LISTED_RULES = 5

const ID_INDEX: UniqueIndex = { name: '_id_', key: doc({ _id: 1 }), options: doc({ unique: true }) }

export interface VersionData {
  readonly version: ConfigurationVersion
  readonly file: DataFile
  /** With `_id`s filled in. */
  readonly documents: readonly Value[]
  readonly schema: Doc | undefined
}

/**
 * Checks test data as far as files tell: each document against the schema of its version, and all documents that a
 * collection has at that moment against its unique indexes.
 *
 * A migration may change every document before it, so documents are compared only with those loaded since.
 *
 * @param severity `error` when test data will be loaded, else `warning`.
 */
export function checkTestData(
  configuration: Configuration,
  data: ReadonlyMap<ConfigurationVersion, VersionData>,
  history: IndexHistory,
  severity: Severity,
  problems: ProblemList,
): void {
  let loaded: LoadedDocument[] = []
  for (const version of configuration.versions) {
    if (version.migrations.length > 0) loaded = []
    const own = data.get(version)
    if (own !== undefined) {
      checkSchema(own, severity, problems)
      const documents = own.documents.flatMap((document, ordinal) =>
        isDoc(document) ? [{ file: own.file, ordinal, document }] : [],
      )
      loaded = [...loaded, ...documents]
    }
    if (loaded.length < 2) continue
    const indexes = [ID_INDEX, ...(history.get(version)?.values() ?? [])].filter(isCheckable)
    const collisions = indexes.flatMap((index) => findCollisions(index, loaded))
    reportCollisions(configuration, version, collisions, severity, problems)
    // A document that collides is reported once, not again for every later version.
    const refused = new Set(collisions.map((collision) => collision.second))
    loaded = loaded.filter((each) => !refused.has(each))
  }
}

function checkSchema(
  { version, file, documents, schema }: VersionData,
  severity: Severity,
  problems: ProblemList,
): void {
  const { level, action } = version.validation
  const compiled = schema === undefined || level === 'off' ? undefined : compileSchema(schema)
  let invalid = 0
  documents.forEach((document, ordinal) => {
    // What is no document is refused where the file is read.
    if (!isDoc(document) || compiled?.ok !== true || compiled.value.matches(document)) return
    if (++invalid > MAX_LISTED_DOCUMENTS) return
    const rules = violations(compiled.value.explain(document))
    for (const { path, rule, expected, actual } of rules.slice(0, MAX_LISTED_RULES)) {
      problems.add(file.locate([ordinal, ...path]), {
        code: 'TEST_DATA_INVALID',
        severity: action === 'warn' ? 'warning' : severity,
        text: `${nameOf(document, ordinal)} breaks ${rule} at ${path.length === 0 ? 'its root' : path.join('.')}: expected ${shown(expected)}, found ${shown(actual)}`,
        hint: `The schema is that of ${version.written}; correct the document, or the schema.`,
      })
    }
  })
  if (invalid <= MAX_LISTED_DOCUMENTS) return
  const text = `${invalid - MAX_LISTED_DOCUMENTS} more documents of ${file.at.file.path} do not match the schema`
  problems.add(file.at, { code: 'TEST_DATA_INVALID', severity, text })
}

const shown = (value: Value | undefined): string => (value === undefined ? 'nothing' : quoted(value))
const nameOf = (document: Doc, ordinal: number): string => `document ${ordinal + 1} (_id ${shown(document.get('_id'))})`

function reportCollisions(
  configuration: Configuration,
  version: ConfigurationVersion,
  collisions: readonly Collision[],
  severity: Severity,
  problems: ProblemList,
): void {
  collisions.forEach(({ index, first, second, values }, i) => {
    if (i >= MAX_LISTED_DOCUMENTS) return
    const fields = index.key.keys
      .map((path, at) => `${path} ${describe(second.document, path, values[at] as Value)}`)
      .join(' and ')
    const where = first.file === second.file ? 'the same file' : first.file.at.file.path
    problems.add(second.file.locate([second.ordinal]), {
      code: 'TEST_DATA_NOT_UNIQUE',
      severity,
      text: `${nameOf(second.document, second.ordinal)} has ${fields}, as ${nameOf(first.document, first.ordinal)} of ${where} has; the unique index "${index.name}" of ${configuration.name} ${versionText(version.number)} refuses this`,
      hint:
        index === ID_INDEX
          ? 'Give one of the documents another _id.'
          : `Give the documents different values in ${index.key.keys.join(', ')}, or let index "${index.name}" be sparse, partial or not unique.`,
    })
  })
  const [last] = collisions.slice(MAX_LISTED_DOCUMENTS)
  if (last === undefined) return
  const text = `${collisions.length - MAX_LISTED_DOCUMENTS} more test documents are refused by unique indexes of ${configuration.name}`
  problems.add(last.second.file.at, { code: 'TEST_DATA_NOT_UNIQUE', severity, text })
}

const describe = (document: Doc, path: string, value: Value): string =>
  value === null && document.get(path) !== null ? 'missing (which counts as null)' : quoted(value)
