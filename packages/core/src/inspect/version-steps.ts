import { doc, EMPTY_DOC, isDoc, type Doc } from '@stage0/bson-schema'
import type { VersionStep } from '@stage0/types'
import type { Configuration, ConfigurationVersion, Located, Repository } from '../model/model.ts'
import { sourcePlace } from '../model/source-place.ts'
import { versionText } from '../model/version-number.ts'
import { planCollection } from '../plan/collection-plan.ts'
import { indexesAt } from '../plan/drift.ts'
import { planEnumerators } from '../plan/enumerators-plan.ts'
import { specOf } from '../plan/index-form.ts'
import { ID_INDEX } from '../plan/index-steps.ts'
import type { Observed, ObservedCollection } from '../plan/observed.ts'
import { LOCAL_ENVIRONMENT } from '../plan/options.ts'
import type { Step } from '../plan/plan.ts'
import type { Wanted, WantedCollection, WantedMigration, WantedVersion } from '../plan/wanted.ts'
import type { Unit } from '../render/units.ts'

export interface StepsInput {
  readonly repository: Repository
  readonly configuration: Configuration
  readonly version: ConfigurationVersion
  /** The dictionary of the version, where there is one. */
  readonly unit: Unit | undefined
  readonly loadTestData: boolean
  /** The schema of the version and of the one before, `undefined` for others and where it cannot be rendered. */
  readonly schemaOf: (version: ConfigurationVersion) => Doc | undefined
}

/**
 * What an apply does for one version, as planned: the version is planned against a database that stands exactly at the
 * version before. So words and order are those of the plan, whatever they become.
 *
 * Also for a version that no plan would take as it is: then these are the steps as far as its files can be read.
 */
export function versionSteps(input: StepsInput): VersionStep[] {
  const { configuration, version, loadTestData } = input
  const at = configuration.versions.indexOf(version)
  const collection: WantedCollection = {
    name: configuration.name,
    file: configuration.at.file.path,
    versions: configuration.versions.slice(0, at + 1).map((one) => wantedVersion(input, one, one === version)),
  }
  const wanted: Wanted = { hash: '', enumerators: wantedEnumerators(input.repository), collections: [collection] }
  const observed = observedBefore(wanted, collection, collection.versions.at(-2))
  const enumerators = planEnumerators(wanted, observed, [collection])
  const planned = planCollection(wanted, collection, observed, { environment: LOCAL_ENVIRONMENT, loadTestData })
  return [...enumerators.steps, ...planned.steps].map((step) => {
    const place = placeOf(step, input)
    return { kind: step.kind, text: step.name, ...(place !== undefined && { place: sourcePlace(place) }) }
  })
}

// Hashes are compared with what a database recorded; nothing is recorded here, and hashing large files would take its time.
const NO_HASH = ''

/** @param isPlanned Whether the version itself is planned, or only what stands when it begins. */
function wantedVersion(input: StepsInput, version: ConfigurationVersion, isPlanned: boolean): WantedVersion {
  const { repository, configuration } = input
  const source = { file: version.at.file.path, pointer: '', line: 1, column: 1 }
  const migrations = version.migrations.flatMap(({ file }): WantedMigration[] => {
    const found = isPlanned ? repository.migrations.get(file) : undefined
    if (found === undefined) return []
    const { items, at } = found
    return [{ file: at.file.path, hash: NO_HASH, pipeline: items.filter(isDoc), mode: version.migrationMode, source }]
  })
  const data = version.testData && repository.testData.get(version.testData.file)
  return {
    number: version.number,
    version: versionText(version.number),
    stored: `${configuration.name}.${version.written}`,
    schema: input.schemaOf(version) ?? EMPTY_DOC,
    schemaHash: NO_HASH,
    validation: version.validation,
    dropIndexes: version.dropIndexes.map((one) => one.name),
    addIndexes: version.addIndexes.map(({ name, key, options }) => ({ name, key, options, source })),
    migrations,
    testData: data && { file: data.at.file.path, hash: NO_HASH, documents: data.items, source },
    allow: version.allow.map(({ code, path, reason }) => ({ code, path, reason })),
    source,
  }
}

const wantedEnumerators = (repository: Repository): Wanted['enumerators'] =>
  [...repository.enumerators.values()]
    .map(({ version, document, at }) => ({ version, document, hash: NO_HASH, file: at.file.path }))
    .sort((a, b) => a.version - b.version)

/** A database that holds what the version before leaves behind, and nothing where there is none. */
function observedBefore(wanted: Wanted, collection: WantedCollection, previous: WantedVersion | undefined): Observed {
  const used = new Set(collection.versions.slice(0, -1).map((one) => one.number[3]))
  return {
    database: '',
    server: { version: '', kind: 'replica-set', modules: [] },
    collections: previous === undefined ? [] : [collectionAt(collection, previous)],
    versions:
      previous === undefined
        ? []
        : [{ document: EMPTY_DOC, collection: collection.name, current: previous.stored, schemaHash: undefined }],
    enumerators: wanted.enumerators.filter((one) => used.has(one.version)),
    history: [],
    interrupted: undefined,
    journal: [],
    privileges: undefined,
  }
}

const collectionAt = (collection: WantedCollection, version: WantedVersion): ObservedCollection => ({
  name: collection.name,
  type: 'collection',
  uuid: undefined,
  validator: doc({ $jsonSchema: version.schema }),
  validationLevel: version.validation.level,
  validationAction: version.validation.action,
  options: EMPTY_DOC,
  indexes: [
    { name: ID_INDEX, key: doc({ _id: 1 }), options: EMPTY_DOC },
    ...[...indexesAt(collection, version).values()].map(specOf),
  ],
  estimatedDocuments: 0,
})

/** Where the files say what a step does. */
function placeOf(step: Step, { repository, version, unit }: StepsInput): Located | undefined {
  switch (step.kind) {
    case 'recordEnumerators':
      return repository.enumerators.get(Number(step.version))?.at
    case 'createCollection':
    case 'setValidator':
      return unit?.root.at ?? version.at
    case 'dropIndex':
      return version.dropIndexes.find((one) => one.name === step.index)?.at
    case 'buildIndexes':
      return version.addIndexes.find((one) => one.name === step.indexes[0]?.name)?.at
    case 'changeIndex':
      return version.addIndexes.find((one) => one.name === step.index.name)?.at
    case 'loadData':
      return version.testData?.at
    case 'recordVersion':
    case 'findLeftovers':
      return version.at
    case 'migrate': {
      const named = version.migrations.filter(({ file }) => repository.migrations.get(file)?.at.file.path === step.file)
      // A file that is named twice runs twice; its second step has "#2" behind its name.
      const times = step.id.endsWith(`/${step.file}`) ? 1 : Number(step.id.slice(step.id.lastIndexOf('#') + 1))
      return named[times - 1]?.at
    }
  }
}
