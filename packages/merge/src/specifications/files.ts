/** A file of a folder of specifications. */
export interface SpecificationFile {
  /** Relative to the folder, with `/`. */
  readonly path: string
  readonly text: string
}
