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
import { wantedHash } from '../plan/wanted-hash.ts'

/** What checking found out about one version. */
export interface ResolvedVersion {
  readonly version: ConfigurationVersion
  readonly schema: Doc
  readonly migrations: readonly WantedMigration[]
  readonly testData: WantedTestData | undefined
}

/** Puts a checked repository into the form that planning reads. */
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
  const content = { enumerators: wantedEnumerators, collections: wantedCollections }
  return { hash: wantedHash(content), ...content }
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
    allow: version.allow.map(({ code, path, reason }) => ({ code, path, reason })),
    source: sourcePlace(version.at),
  }
}
