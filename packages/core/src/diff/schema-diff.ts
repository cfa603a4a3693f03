/** One difference between two `$jsonSchema`s, at one property. */
export interface SchemaChange {
  /** Property path for people: "profile.name", "tags[]", "" for the document itself. */
  readonly path: string
  /** In words: "required from now on". */
  readonly what: string
  /** `BC` breaks readers, `MF` depends on the data that is there; `undefined`: safe. */
  readonly risk: 'BC' | 'MF' | undefined
}
