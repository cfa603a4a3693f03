import { errorEntry, type Problem, type Severity } from '@stage0/types'
import { sentencesOf } from './sentences.ts'

/** SARIF has three levels and calls the lowest one a note. */
const LEVELS = { error: 'error', warning: 'warning', notice: 'note' } as const satisfies Record<Severity, string>

/** By what paths of a log are relative; its `originalUriBaseIds` say what that is. */
const BASE = 'REPOSITORY'
/** That folder itself. */
const ROOT = '.'

/**
 * Problems as a SARIF 2.1.0 log, for code hosts and editors. Paths are relative to the folder that was checked, columns count
 * UTF-16 code units. What is not about one file is about that folder: a code host refuses a log in which any result has no place.
 *
 * @param folder Where that folder is, as an absolute URI with `/` at its end; left out where that is of nobody's concern, which
 *   leaves it to the reader to know it.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function toSarif(problems: readonly Problem[], toolVersion: string, folder?: string): object {
  const codes = [...new Set(problems.map(({ code }) => code))].sort()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'stage0', version: toolVersion, rules: codes.map(toRule) } },
        originalUriBaseIds: {
          [BASE]: {
            ...(folder === undefined ? {} : { uri: folder }),
            description: { text: 'The folder that was checked.' },
          },
        },
        columnKind: 'utf16CodeUnits',
        results: problems.map((problem) => toResult(problem, codes.indexOf(problem.code))),
      },
    ],
  }
}

function toRule(code: string): object {
  const entry = errorEntry(code)
  if (entry === undefined) return { id: code }
  return {
    id: code,
    shortDescription: { text: entry.title },
    fullDescription: { text: entry.cause },
    help: { text: entry.fix },
  }
}

function toResult(problem: Problem, ruleIndex: number): object {
  return {
    ruleId: problem.code,
    ruleIndex,
    level: LEVELS[problem.severity],
    message: { text: sentencesOf(problem) },
    locations: [toLocation(problem)],
  }
}

function toLocation({ file, line, column, pointer }: Problem): object {
  const region =
    line === undefined ? {} : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } }
  return {
    physicalLocation: {
      artifactLocation: { uri: file?.split('/').map(encodeURIComponent).join('/') ?? ROOT, uriBaseId: BASE },
      ...region,
    },
    // The whole of a file has the empty pointer, which names nothing.
    ...((pointer ?? '') === '' ? {} : { logicalLocations: [{ fullyQualifiedName: pointer }] }),
  }
}
