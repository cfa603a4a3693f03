import type { Doc, Value } from '@stage0/bson-schema'
import type { Problem } from '@stage0/types'
import type { RawFile } from './files.ts'
import type { SourcePlace } from './source-place.ts'
import type { VersionNumber } from './version-number.ts'

/** A repository, parsed and checked as far as single files go; references are resolved by `render`. Immutable. */
export interface Repository {
  /** By collection name, in code point order. Files that cannot be read as a configuration are only in `problems`. */
  readonly configurations: ReadonlyMap<string, Configuration>
  /** By file name with extension: "user.1.0.0.yaml". */
  readonly dictionaries: ReadonlyMap<string, Dictionary>
  /** By type name: file name without extension. */
  readonly types: ReadonlyMap<string, TypeDefinition>
  /** By version number. */
  readonly enumerators: ReadonlyMap<number, Enumerators>
  /** By file name. */
  readonly testData: ReadonlyMap<string, DataFile>
  /** By file name. */
  readonly migrations: ReadonlyMap<string, DataFile>
  /** Files that were there but could not be used, by path: so that "missing" is not said of a broken file. */
  readonly broken: ReadonlySet<string>
  readonly problems: readonly Problem[]
}

/** A place in a text, resolved to line and column only when somebody asks. */
export interface Located {
  readonly file: RawFile
  /** JSON pointer into the file. */
  readonly pointer: string
  /** UTF-16 offsets into `file.text`. */
  readonly start: number
  readonly end: number
}

export interface Configuration {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly locked: boolean
  /** In ascending numeric order, whatever their order in the file. */
  readonly versions: readonly ConfigurationVersion[]
  readonly at: Located
}

export interface ConfigurationVersion {
  readonly number: VersionNumber
  /** As written, for example "1.0.0" or "1.0.0.1". */
  readonly written: string
  readonly dropIndexes: readonly { readonly name: string; readonly at: Located }[]
  readonly addIndexes: readonly {
    readonly name: string
    readonly key: Doc
    readonly options: Doc
    readonly at: Located
  }[]
  readonly migrations: readonly { readonly file: string; readonly at: Located }[]
  readonly migrationMode: 'as-written' | 'update'
  readonly testData: { readonly file: string; readonly at: Located } | undefined
  readonly validation: {
    readonly level: 'off' | 'moderate' | 'strict' | 'constraint'
    readonly action: 'error' | 'warn' | 'errorAndLog'
  }
  readonly allow: readonly AllowedRisk[]
  readonly down: readonly { readonly file: string; readonly at: Located }[]
  readonly locked: boolean
  readonly at: Located
}

/** A risk that the file accepts; whether there is such a code is judged where the codes are known. */
export interface AllowedRisk {
  readonly code: string
  /** Property, index or file that it is accepted for; `undefined`: everywhere in the version. */
  readonly path: string | undefined
  readonly reason: string
  readonly codeAt: Located
  readonly pathAt: Located
}

export interface Dictionary {
  readonly fileName: string
  readonly locked: boolean
  readonly root: Property
  readonly at: Located
}

export interface TypeDefinition {
  readonly name: string
  readonly locked: boolean
  readonly root: Property
  readonly at: Located
}

interface PropertyBase {
  readonly name: string
  readonly description: string
  readonly required: boolean
  readonly nullable: boolean
  readonly at: Located
}

/** The ten kinds. `type` in the file decides; anything that is none of the nine words is the name of a custom type. */
export type Property =
  | (PropertyBase & {
      readonly kind: 'object'
      readonly properties: readonly Property[]
      readonly additionalProperties: Value
    })
  | (PropertyBase & {
      readonly kind: 'array'
      readonly items: Property
      readonly minItems: number | undefined
      readonly maxItems: number | undefined
      readonly uniqueItems: boolean
    })
  | (PropertyBase & { readonly kind: 'simple'; readonly schema: Doc; readonly schemaAt: Located })
  | (PropertyBase & {
      readonly kind: 'complex'
      readonly jsonType: Doc
      readonly bsonType: Doc
      readonly jsonTypeAt: Located
      readonly bsonTypeAt: Located
    })
  | (PropertyBase & { readonly kind: 'enum'; readonly enums: string })
  | (PropertyBase & { readonly kind: 'enum_array'; readonly enums: string })
  | (PropertyBase & { readonly kind: 'constant'; readonly constant: Value })
  | (PropertyBase & { readonly kind: 'one_of'; readonly properties: readonly Property[] })
  | (PropertyBase & { readonly kind: 'ref'; readonly ref: string })
  | (PropertyBase & { readonly kind: 'custom'; readonly type: string })

export interface Enumerators {
  readonly version: number
  readonly locked: boolean
  /** In declared order. */
  readonly enumerators: readonly Enumerator[]
  /** The whole file as a document, for the database. */
  readonly document: Doc
  readonly at: Located
}

export interface Enumerator {
  readonly name: string
  /** In declared order; sorted and de-duplicated only when rendered. */
  readonly values: readonly { readonly value: string; readonly description: string; readonly deprecated: boolean }[]
  readonly at: Located
}

/** A JSON file of typed values: test data (documents) or a migration (pipeline stages). */
export interface DataFile {
  readonly fileName: string
  readonly items: readonly Value[]
  readonly at: Located
  /** Where item `index`, or something inside it, stands; looked up in the text when asked. */
  readonly locate: (path: readonly (string | number)[]) => SourcePlace
}
