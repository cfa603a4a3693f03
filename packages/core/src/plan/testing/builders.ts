import { doc, type Doc, type Plain } from '@stage0/bson-schema'
import type { SourcePlace } from '../../model/source-place.ts'
import type { VersionNumber } from '../../model/version-number.ts'
import { canonicalJson, sha256Hex } from '../canonical.ts'
import type { Observed, ObservedCollection, RecordedVersion } from '../observed.ts'
import type { PlanOptions } from '../options.ts'
import type { Wanted, WantedCollection, WantedIndex, WantedMigration, WantedVersion } from '../wanted.ts'

/** Short ways to say what a repository wants and what a database holds. Development only. */

export const LOCAL: PlanOptions = { environment: 'local', loadTestData: true }

const place = (file: string): SourcePlace => ({ file, pointer: '', line: 1, column: 1 })

export const index = (
  name: string,
  key: { readonly [path: string]: Plain },
  options: { readonly [name: string]: Plain } = {},
): WantedIndex => ({
  name,
  key: doc(key),
  options: doc(options),
  source: place('configurations/x.yaml'),
})

export const migration = (
  file: string,
  stages: readonly { readonly [stage: string]: Plain }[],
  mode: WantedMigration['mode'] = 'as-written',
): WantedMigration => {
  const pipeline = stages.map((stage) => doc(stage))
  return { file, pipeline, mode, hash: sha256Hex(canonicalJson(pipeline)), source: place(file) }
}

export const schema = (...properties: readonly string[]): Doc =>
  doc({
    bsonType: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(properties.map((name) => [name, doc({ bsonType: 'string' })])),
  })

export interface VersionParts extends Partial<
  Omit<WantedVersion, 'number' | 'version' | 'stored' | 'source' | 'testData'>
> {
  readonly data?: readonly Doc[]
}

/** @param number "1.0.0.0" */
export function version(collection: string, number: string, parts: VersionParts = {}): WantedVersion {
  const { data, ...given } = parts
  const rendered = given.schema ?? schema('_id', `field${number.replaceAll('.', '')}`)
  const file = `test_data/${collection}.${number}.json`
  const testData = data && { file, hash: sha256Hex(canonicalJson(data)), documents: data, source: place(file) }
  return {
    number: number.split('.').map(Number) as unknown as VersionNumber,
    version: number,
    stored: `${collection}.${number}`,
    validation: { level: 'moderate', action: 'error' },
    dropIndexes: [],
    addIndexes: [],
    migrations: [],
    allow: [],
    ...given,
    schema: rendered,
    schemaHash: sha256Hex(canonicalJson(rendered)),
    testData,
    source: place(`configurations/${collection}.yaml`),
  }
}

export const collection = (name: string, ...versions: readonly WantedVersion[]): WantedCollection => ({
  name,
  file: `configurations/${name}.yaml`,
  versions,
})

export function wanted(
  collections: readonly WantedCollection[],
  enumerators: readonly { readonly version: number; readonly document: Doc }[] = [],
): Wanted {
  const listed = enumerators.map((one) => ({
    ...one,
    hash: sha256Hex(canonicalJson(one.document)),
    file: `enumerators/enumerations.${one.version}.yaml`,
  }))
  return { hash: sha256Hex(canonicalJson({ collections, listed })), collections, enumerators: listed }
}

export const observed = (parts: Partial<Observed> = {}): Observed => ({
  database: 'shop',
  server: { version: '7.0.0', kind: 'replica-set', modules: [] },
  collections: [],
  versions: [],
  enumerators: [],
  history: [],
  interrupted: undefined,
  journal: [],
  privileges: undefined,
  ...parts,
})

export const observedCollection = (name: string, parts: Partial<ObservedCollection> = {}): ObservedCollection => ({
  name,
  type: 'collection',
  uuid: 'a0',
  validator: undefined,
  validationLevel: 'strict',
  validationAction: 'error',
  options: doc({}),
  indexes: [{ name: '_id_', key: doc({ _id: 1 }), options: doc({}) }],
  estimatedDocuments: 1,
  ...parts,
})

export const recorded = (collection: string, current: Plain, schemaHash?: string): RecordedVersion => ({
  document: doc({ _id: 1, collection_name: collection, current_version: current, schema_hash: schemaHash }),
  collection,
  current: typeof current === 'string' ? current : undefined,
  schemaHash,
})
