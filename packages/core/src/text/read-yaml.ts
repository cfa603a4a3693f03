import * as yaml from 'js-yaml'
import type { ErrorCode } from '@stage0/types'
import { MAX_DEPTH, YamlTreeBuilder } from './yaml-tree-builder.ts'
import type { YamlNode } from './yaml-node.ts'

/** What reading one text found, at offsets of that text. */
export interface TextIssue {
  readonly code: ErrorCode
  readonly severity: 'error' | 'warning'
  readonly start: number
  readonly end: number
  readonly text: string
  readonly hint: string
}

export interface YamlDocument {
  /** Absent when the text is not YAML, is empty, or holds more than one document. */
  readonly root: YamlNode | undefined
  readonly issues: readonly TextIssue[]
}

/**
 * The longest YAML text that is read, in UTF-16 code units: what is longer cannot become one MongoDB document (16 MiB),
 * as a schema and the enumerators must, and its events alone would fill the memory of a small machine.
 */
export const MAX_YAML_LENGTH = 16 * 1_048_576

/**
 * Reads one YAML 1.2 document, keeping order, style and positions. Never throws on any text.
 *
 * Aliases and merge keys are resolved within a bound on what they bring in; of duplicate keys the last wins, with a
 * warning. Scalars stay text: what a plain one means is asked with `coreValue`.
 */
export function readYaml(text: string): YamlDocument {
  if (text.length > MAX_YAML_LENGTH) return { root: undefined, issues: [tooLarge()] }
  let events: yaml.Event[]
  try {
    events = yaml.parseEvents(text, { maxDepth: MAX_DEPTH })
  } catch (thrown) {
    if (!(thrown instanceof yaml.YAMLException)) throw thrown
    return { root: undefined, issues: [syntaxIssue(thrown, text)] }
  }
  return new YamlTreeBuilder(text).build(events)
}

const tooLarge = (): TextIssue => ({
  code: 'FILE_TOO_LARGE',
  severity: 'error',
  start: 0,
  end: 0,
  text: 'The YAML is longer than 16 Mi characters, more than one MongoDB document can hold; it is not read.',
  hint: 'Split the file.',
})

const CONTROL_HINT = 'Remove the control character, or write it as an escape in double quotes: "\\u001b".'
/** What to do about the commonest mistakes, by words of the parser's reason. */
const SYNTAX_HINTS: readonly (readonly [words: string, hint: string])[] = [
  ['null byte', 'Save the file as UTF-8 (it may be UTF-16), or remove the null character.'],
  ['tab characters', 'Indent with spaces.'],
  ['expected valid JSON character', CONTROL_HINT],
  ['non-printable', CONTROL_HINT],
]
const GENERAL_HINT =
  'Look at this line and the one above it: indentation, quotes, and a colon inside a text that is not quoted.'

function syntaxIssue(thrown: yaml.YAMLException, text: string): TextIssue {
  const start = Math.min(thrown.mark?.position ?? 0, text.length)
  const tooDeep = thrown.reason.startsWith('nesting exceeded')
  return {
    code: tooDeep ? 'YAML_TOO_DEEP' : 'YAML_SYNTAX',
    severity: 'error',
    start,
    end: start,
    text: tooDeep ? `The text is nested deeper than ${MAX_DEPTH} levels.` : `This is not YAML: ${thrown.reason}.`,
    hint: tooDeep
      ? 'Move inner parts into types or referenced dictionaries.'
      : (SYNTAX_HINTS.find(([words]) => thrown.reason.includes(words))?.[1] ?? GENERAL_HINT),
  }
}
