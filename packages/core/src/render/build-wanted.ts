import type { Doc } from '@stage0/bson-schema'
import { sourcePlace } from '../model/source-place.ts'
import type { Configuration, ConfigurationVersion, Enumerators } from '../model/model.ts'
import { canonicalJson, sha256Hex } from '../plan/canonical.ts'
import { versionText } from '../model/version-number.ts'
import type {
  Wanted,
  WantedCollection,
  WantedEnumerators,
  WantedMigration,
  WantedTestData,
  WantedVersion,
} from '../plan/wanted.ts'

/** What checking found out about one version. */
export interface ResolvedVersion {
  readonly version: ConfigurationVersion
  readonly schema: Doc
  readonly migrations: readonly WantedMigration[]
  readonly testData: WantedTestData | undefined
}

/**
 * Puts a checked repository into the form that planning reads.
 *
 * The hash covers what a database can notice: comments, titles and the places of things in their files do not count.
 */
export function buildWanted(
  enumerators: Iterable<Enumerators>,
  collections: Iterable<readonly [Configuration, readonly ResolvedVersion[]]>,
  hashOf: (schema: Doc) => string,
): Wanted {
  const wantedEnumerators = [...enumerators].sort((a, b) => a.version - b.version).map(toEnumerators)
  const wantedCollections = [...collections].map(([configuration, versions]): WantedCollection => {
    const { name, at } = configuration
    return { name, file: at.file.path, versions: versions.map((each) => toVersion(name, each, hashOf)) }
  })
  const content = {
    enumerators: wantedEnumerators.map(({ version, hash }) => ({ version, hash })),
    collections: wantedCollections.map(({ name, versions }) => ({ name, versions: versions.map(contentOf) })),
  }
  return {
    hash: sha256Hex(canonicalJson(content)),
    enumerators: wantedEnumerators,
    collections: wantedCollections,
  }
}

const toEnumerators = ({ version, document, at }: Enumerators): WantedEnumerators => ({
  version,
  document,
  hash: sha256Hex(canonicalJson(document)),
  file: at.file.path,
})

function toVersion(collection: string, resolved: ResolvedVersion, hashOf: (schema: Doc) => string): WantedVersion {
  const { version, schema, migrations, testData } = resolved
  return {
    number: version.number,
    version: versionText(version.number),
    stored: `${collection}.${version.written}`,
    schema,
    schemaHash: hashOf(schema),
    validation: version.validation,
    dropIndexes: version.dropIndexes.map((each) => each.name),
    addIndexes: version.addIndexes.map(({ name, key, options, at }) => ({
      name,
      key,
      options,
      source: sourcePlace(at),
    })),
    migrations,
    testData,
    allow: version.allow,
    source: sourcePlace(version.at),
  }
}

/** The parts of a version that matter to a database, large ones by their hashes. */
const contentOf = ({
  stored,
  schemaHash,
  validation,
  dropIndexes,
  addIndexes,
  migrations,
  testData,
  allow,
}: WantedVersion) => ({
  stored,
  schemaHash,
  validation,
  dropIndexes,
  addIndexes: addIndexes.map(({ name, key, options }) => ({ name, key, options })),
  migrations: migrations.map(({ file, hash, mode }) => ({ file, hash, mode })),
  testData: testData && { file: testData.file, hash: testData.hash },
  allow,
})
