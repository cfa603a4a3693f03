import { canonicalJson, sha256Hex } from './canonical.ts'
import type { Wanted, WantedVersion } from './wanted.ts'

/**
 * The hash of what a repository wants: it covers what a database can notice. Comments, titles and the places of things
 * in their files do not count.
 */
export function wantedHash({ enumerators, collections }: Pick<Wanted, 'enumerators' | 'collections'>): string {
  const content = {
    enumerators: enumerators.map(({ version, hash }) => ({ version, hash })),
    collections: collections.map(({ name, versions }) => ({ name, versions: versions.map(contentOf) })),
  }
  return sha256Hex(canonicalJson(content))
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
