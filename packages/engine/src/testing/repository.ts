import { doc, type Doc, type Plain } from '@stage0/bson-schema'
import {
  canonicalJson,
  sha256Hex,
  type SourcePlace,
  type VersionNumber,
  type Wanted,
  type WantedVersion,
} from '@stage0/core'

/** Short ways to say what a repository wants. Development only. */

const source: SourcePlace = { file: 'configurations/x.yaml', pointer: '', line: 1, column: 1 }

export interface VersionParts {
  readonly drop?: readonly string[]
  readonly unique?: readonly string[]
  readonly migrate?: readonly { readonly [stage: string]: Plain }[]
  readonly mode?: 'as-written' | 'update'
  readonly data?: readonly Doc[]
  readonly schema?: Doc
}

export function version(collection: string, number: string, parts: VersionParts = {}): WantedVersion {
  const schema = parts.schema ?? doc({ bsonType: 'object', title: `${collection} ${number}` })
  const pipeline = parts.migrate?.map((stage) => doc(stage))
  const data = parts.data
  return {
    number: number.split('.').map(Number) as unknown as VersionNumber,
    version: number,
    stored: `${collection}.${number}`,
    schema,
    schemaHash: sha256Hex(canonicalJson(schema)),
    validation: { level: 'moderate', action: 'error' },
    dropIndexes: parts.drop ?? [],
    addIndexes: (parts.unique ?? []).map((path) => ({
      name: path,
      key: doc({ [path]: 1 }),
      options: doc({ unique: true }),
      source,
    })),
    migrations:
      pipeline === undefined
        ? []
        : [
            {
              file: 'm.json',
              hash: sha256Hex(canonicalJson(pipeline)),
              pipeline,
              mode: parts.mode ?? 'as-written',
              source,
            },
          ],
    testData: data && { file: `${collection}.json`, hash: sha256Hex(canonicalJson(data)), documents: data, source },
    allow: [],
    source,
  }
}

/** Collections by name, which must be given in ascending order; one enumerators version. */
export function repository(collections: Readonly<Record<string, readonly WantedVersion[]>>): Wanted {
  const document = doc({ version: 0 })
  const enumerators = [
    { version: 0, document, hash: sha256Hex(canonicalJson(document)), file: 'enumerators/enumerations.0.yaml' },
  ]
  const listed = Object.entries(collections).map(([name, versions]) => ({
    name,
    file: `configurations/${name}.yaml`,
    versions,
  }))
  return { hash: sha256Hex(canonicalJson({ listed, enumerators })), enumerators, collections: listed }
}
