import type { ProductEntry } from '../process/product.ts'

/** What is to happen in a folder that is there, all of it or nothing. Paths are relative to it, with `/`. */
export interface Changes {
  /** Files and links that are to be there, in place of what is there now. */
  readonly puts: ReadonlyMap<string, ProductEntry>
  readonly removes: readonly string[]
  /** Folders that go with everything in them. */
  readonly removesFolders: readonly string[]
  /** Folders that go where nothing is left in them, those in others before these. */
  readonly emptied?: readonly string[]
  /**
   * Digests of what stood at these paths when the changes were planned; where none is given, nothing did. What people changed in the
   * meantime is not overwritten.
   */
  readonly was: ReadonlyMap<string, string>
}
