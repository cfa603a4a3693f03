import { compileSchema, doc, isDoc, violations, type Doc, type Value, type Violation } from '@stage0/bson-schema'
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
const MAX_LISTED_COLLISIONS = 3

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
    for (const violation of rules.slice(0, MAX_LISTED_RULES)) {
      problems.add(file.locate([ordinal, ...violation.path]), {
        code: 'TEST_DATA_INVALID',
        severity: action === 'warn' ? 'warning' : severity,
        text: `${nameOf(document, ordinal)} ${brokenRule(violation)}`,
        hint: `The schema is that of ${version.written}; correct the document, or the schema.`,
      })
    }
  })
  if (invalid <= MAX_LISTED_DOCUMENTS) return
  const text = `${invalid - MAX_LISTED_DOCUMENTS} more documents of ${file.at.file.path} do not match the schema`
  problems.add(file.at, { code: 'TEST_DATA_INVALID', severity, text })
}

function brokenRule({ path, rule, expected, actual }: Violation): string {
  const at = path.length === 0 ? 'its root' : path.join('.')
  if (rule === 'additionalProperties')
    return `has the field ${at}, which the schema does not allow (additionalProperties)`
  if (rule === 'required') return `lacks the field ${at}, which the schema requires (required)`
  return `breaks ${rule} at ${at}: expected ${shown(expected)}, found ${shown(actual)}`
}

const shown = (value: Value | undefined): string => (value === undefined ? 'nothing' : quoted(value))
const nameOf = (document: Doc, ordinal: number): string => `document ${ordinal + 1} (_id ${shown(document.get('_id'))})`

/** One problem per file and index: what is wrong is mostly the index or the habit, not each single document. */
function reportCollisions(
  configuration: Configuration,
  version: ConfigurationVersion,
  collisions: readonly Collision[],
  severity: Severity,
  problems: ProblemList,
): void {
  const groups = new Map<DataFile, Map<UniqueIndex, Collision[]>>()
  for (const collision of collisions) {
    const byIndex = groups.get(collision.second.file) ?? new Map<UniqueIndex, Collision[]>()
    groups.set(collision.second.file, byIndex)
    const group = byIndex.get(collision.index)
    if (group === undefined) byIndex.set(collision.index, [collision])
    else group.push(collision)
  }
  const ofVersion = `${configuration.name} ${versionText(version.number)}`
  for (const [file, byIndex] of groups) {
    for (const [index, group] of byIndex) {
      const shownOnes = group.slice(0, MAX_LISTED_COLLISIONS).map(collisionText)
      const rest = group.length - shownOnes.length
      const documents = group.length === 1 ? 'a document' : `${group.length} documents`
      problems.add(file.locate([(group[0] as Collision).second.ordinal]), {
        code: 'TEST_DATA_NOT_UNIQUE',
        severity,
        text: `the unique index "${index.name}" of ${ofVersion} refuses ${documents}: ${shownOnes.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`,
        hint:
          index === ID_INDEX
            ? 'Give each document its own _id.'
            : `Give the documents different values in ${index.key.keys.join(', ')}, or let index "${index.name}" be sparse, partial or not unique.`,
      })
    }
  }
}

function collisionText({ index, first, second, values }: Collision): string {
  const fields = index.key.keys
    .map((path, at) => `${path} ${describe(second.document, path, values[at] as Value)}`)
    .join(' and ')
  const where = first.file === second.file ? '' : ` of ${first.file.at.file.path}`
  return `${nameOf(second.document, second.ordinal)} has ${fields}, as ${nameOf(first.document, first.ordinal)}${where} has`
}

const describe = (document: Doc, path: string, value: Value): string =>
  value === null && document.get(path) !== null ? 'missing (which counts as null)' : quoted(value)
