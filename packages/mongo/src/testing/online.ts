import { doc, type Doc, type Plain } from '@stage0/bson-schema'
import { canonicalJson, sha256Hex, type SourcePlace, type Wanted, type WantedVersion } from '@stage0/core'

const source: SourcePlace = { file: 'configurations/thing.yaml', pointer: '', line: 1, column: 1 }
const FILE = 'migrations/shape.json'

/** Counts up, so that a document that is met twice, or not at all, shows for ever. */
export const COUNTING = [{ $set: { shape: 2, n: { $add: ['$n', 1] } } }, { $unset: 'old' }, { $out: 'thing' }]

const schemaOf = (shape: number): Doc =>
  doc({ bsonType: 'object', required: ['shape'], properties: { shape: { enum: [shape] }, n: { bsonType: 'int' } } })

function version(build: number, stages: readonly { readonly [stage: string]: Plain }[]): WantedVersion {
  const number = `1.0.${build}.0`
  const schema = schemaOf(build)
  const pipeline = stages.map((stage) => doc(stage))
  const migration = {
    file: FILE,
    hash: sha256Hex(canonicalJson(pipeline)),
    pipeline,
    mode: 'as-written',
    source,
  } as const
  return {
    number: [1, 0, build, 0],
    version: number,
    stored: `thing.${number}`,
    schema,
    schemaHash: sha256Hex(canonicalJson(schema)),
    validation: { level: 'moderate', action: 'error' },
    dropIndexes: [],
    addIndexes: [],
    migrations: stages.length === 0 ? [] : [migration],
    testData: undefined,
    allow: [],
    source,
  }
}

/** `thing` at version 1, or migrated from shape 1 to shape 2. Development only. */
export function wantedShape(shape: 1 | 2, stages: readonly { readonly [stage: string]: Plain }[] = COUNTING): Wanted {
  const versions = [version(1, []), ...(shape === 2 ? [version(2, stages)] : [])]
  const collections = [{ name: 'thing', file: 'configurations/thing.yaml', versions }]
  return { hash: sha256Hex(canonicalJson({ collections })), enumerators: [], collections }
}
