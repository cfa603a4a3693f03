import { errorEntry, type Problem, type Severity } from '@stage0/types'

/** SARIF has three levels and calls the lowest one a note. */
const LEVELS = { error: 'error', warning: 'warning', notice: 'note' } as const satisfies Record<Severity, string>

/** By what paths of a log are relative; its `originalUriBaseIds` say what that is. */
const BASE = 'REPOSITORY'

/**
 * Problems as a SARIF 2.1.0 log, for code hosts and editors. Paths are relative to the folder that was checked, columns count
 * UTF-16 code units.
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
  const text = problem.hint === undefined ? problem.text : `${problem.text} ${problem.hint}`
  return {
    ruleId: problem.code,
    ruleIndex,
    level: LEVELS[problem.severity],
    message: { text },
    ...(problem.file === undefined ? {} : { locations: [toLocation(problem, problem.file)] }),
  }
}

function toLocation({ line, column, pointer }: Problem, file: string): object {
  const region =
    line === undefined ? {} : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } }
  return {
    physicalLocation: {
      artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: BASE },
      ...region,
    },
    ...(pointer === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: pointer }] }),
  }
}
