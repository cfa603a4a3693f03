import { doc } from '@stage0/bson-schema'
import { canonicalJson, sha256Hex, type SourcePlace, type Wanted, type WantedVersion } from '@stage0/core'

const source: SourcePlace = { file: 'configurations/user.yaml', pointer: '', line: 1, column: 1 }

function version(build: number): WantedVersion {
  const number = `1.0.0.${build}`
  const schema = doc({ bsonType: 'object', title: `user ${number}` })
  return {
    number: [1, 0, 0, build],
    version: number,
    stored: `user.${number}`,
    schema,
    schemaHash: sha256Hex(canonicalJson(schema)),
    validation: { level: 'moderate', action: 'error' },
    dropIndexes: [],
    addIndexes: [{ name: `n${build}`, key: doc({ [`n${build}`]: 1 }), options: doc({}), source }],
    migrations: [],
    testData: undefined,
    allow: [],
    source,
  }
}

/** A repository with one collection, `user`, of so many versions, each with a schema and an index. Development only. */
export function wantedVersions(count: number): Wanted {
  const versions = Array.from({ length: count }, (_, n) => version(n + 1))
  const collections = [{ name: 'user', file: 'configurations/user.yaml', versions }]
  return { hash: sha256Hex(canonicalJson({ collections })), enumerators: [], collections }
}
