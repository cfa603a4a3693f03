import { LineIndex, type LinePlace } from '../text/line-index.ts'
import type { RawFile } from './files.ts'
import type { Located } from './model.ts'

/** Where something stands in the repository. `line` and `column` are 1-based. */
export interface SourcePlace {
  readonly file: string
  readonly pointer: string
  readonly line: number
  readonly column: number
}

// Kept per file object, so it goes when the repository goes. Only files with problems ever get an entry.
const lineIndexes = new WeakMap<RawFile, LineIndex>()

/** Line and column (both 1-based, columns in UTF-16 code units) of an offset into a file's text. */
export function linePlace(file: RawFile, offset: number): LinePlace {
  let index = lineIndexes.get(file)
  if (index === undefined) {
    index = new LineIndex(file.text)
    lineIndexes.set(file, index)
  }
  return index.place(offset)
}

/** A place as people and tools name it: file, JSON pointer, line and column. */
export function sourcePlace(at: Located): SourcePlace {
  return { file: at.file.path, pointer: at.pointer, ...linePlace(at.file, at.start) }
}
