import type { TextFormat } from './node-lines.ts'

/** What a rendered schema is about: a version of a collection, or a file of the library. */
export interface SchemaOwner {
  readonly name: string
  /** Four parts, as asked for. */
  readonly version?: string
}

/** `user.1.1.0.2.bson_schema.json`: the version that was asked for, whole. */
export const schemaFileName = ({ name, version }: SchemaOwner, format: TextFormat): string =>
  [name, version, `${format}_schema`, 'json'].filter((part) => part !== undefined).join('.')
