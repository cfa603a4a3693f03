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
 * Reads one YAML 1.2 document, keeping order, style and positions. Never throws on any text.
 *
 * Aliases and merge keys are resolved within a bound on what they bring in; of duplicate keys the last wins, with a
 * warning. Scalars stay text: what a plain one means is asked with `coreValue`.
 */
export function readYaml(text: string): YamlDocument {
  let events: yaml.Event[]
  try {
    events = yaml.parseEvents(text, { maxDepth: MAX_DEPTH })
  } catch (thrown) {
    if (!(thrown instanceof yaml.YAMLException)) throw thrown
    return { root: undefined, issues: [syntaxIssue(thrown, text)] }
  }
  return new YamlTreeBuilder(text).build(events)
}

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
      : 'Look at this line and the one above it: indentation, quotes, and a colon inside a text that is not quoted.',
  }
}
