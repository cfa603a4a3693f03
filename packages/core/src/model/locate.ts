import { compareStrings } from '@stage0/bson-schema'
import type { ErrorCode, Problem } from '@stage0/types'
import { readYaml } from '../text/read-yaml.ts'
import type { YamlNode } from '../text/yaml-node.ts'
import { yamlPointer } from '../text/yaml-pointer.ts'
import type { RawFile } from './files.ts'
import type { Located } from './model.ts'
import { sourcePlace, type SourcePlace } from './source-place.ts'

/** What is to be said about a place. */
export interface Finding {
  readonly code: ErrorCode
  readonly severity: Problem['severity']
  /** What is wrong, naming the offending value. */
  readonly text: string
  /** What to do about it. */
  readonly hint?: string | undefined
}

// Kept per file object, so it goes when the repository goes. Only files with problems ever get an entry.
const roots = new WeakMap<RawFile, YamlNode>()

/**
 * A place in a YAML file. It costs three fields: the pointer is found only when asked for, by reading the file again,
 * because most places are never shown to anybody.
 */
export class YamlPlace implements Located {
  readonly file: RawFile
  readonly start: number
  readonly end: number

  constructor(file: RawFile, start: number, end: number) {
    this.file = file
    this.start = start
    this.end = end
  }

  get pointer(): string {
    let root = roots.get(this.file)
    if (root === undefined) {
      root = readYaml(this.file.text).root
      if (root === undefined) return ''
      roots.set(this.file, root)
    }
    return yamlPointer(root, this.start, this.end)
  }
}

/** The first character of a file, for findings about the whole of it. */
export const wholeFile = (file: RawFile): Located => ({ file, pointer: '', start: 0, end: file.text.length })

/** A problem at a place: the finding with file, pointer, line and column. */
export const problemAt = (at: Located, finding: Finding): Problem => problemIn(sourcePlace(at), finding)

/** A problem at a place whose line and column are known, such as one of `DataFile.locate`. */
export function problemIn(place: SourcePlace, finding: Finding): Problem {
  const { code, severity, text, hint } = finding
  return { code, severity, ...place, text, ...(hint === undefined ? {} : { hint }) }
}

/** Problems in their one order: by file, line, column and code; those without a file first. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      compareStrings(a.file ?? '', b.file ?? '') ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      compareStrings(a.code, b.code) ||
      compareStrings(a.text, b.text),
  )
}
