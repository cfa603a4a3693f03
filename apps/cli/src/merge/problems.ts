import { join } from 'node:path'
import type { MergeCode, Problem as MergeProblem } from '@stage0/merge'
import { errorEntry, EXIT, type ExitCode, type Problem } from '@stage0/types'
import { tellProblems } from '../failure.ts'
import { shown } from '../init/report.ts'
import type { Io } from '../terminal/io.ts'

/** The folders that the places in problems are seen from. Absolute. */
export interface Folders {
  readonly template: string
  readonly specifications?: string
  readonly output?: string
}

/** What the system or the person has to change, and not a file. */
const USAGE: ReadonlySet<MergeCode> = new Set([
  'TEMPLATE_FOLDER_UNUSABLE',
  'SPECIFICATIONS_UNUSABLE',
  'MERGE_ENVIRONMENT_MISSING',
  'MERGE_OUTPUT_UNUSABLE',
])
/** What a merge could do, and must not. */
const UNSAFE: ReadonlySet<MergeCode> = new Set([
  'MERGE_OUTPUT_OUTSIDE',
  'MERGE_OUTPUT_NOT_EMPTY',
  'MERGE_CONFLICT',
  'MERGE_OTHER_TEMPLATE',
  'MERGE_INTERRUPTED',
])

/**
 * Tells why nothing was merged: all reasons at once, with places that a terminal can open.
 *
 * @param before  What was done all the same, for JSON.
 * @param besides Warnings that are told with them.
 */
export function tellMergeProblems(
  io: Io,
  problems: readonly MergeProblem[],
  folders: Folders,
  json: boolean | undefined,
  before: object = {},
  besides: readonly Problem[] = [],
): ExitCode {
  const told = problems.map((problem) => problemOf(io, problem, folders))
  return tellProblems(io, [...told, ...besides], exitFor(problems), json, before)
}

/** What does not keep from merging, in the shape of all problems. */
export const warningsOf = (io: Io, problems: readonly MergeProblem[], folders: Folders): readonly Problem[] =>
  problems.map((problem) => ({ ...problemOf(io, problem, folders), severity: 'warning' }))

/** The gravest: unsafe, then files that are wrong, then the use of the command. */
function exitFor(problems: readonly MergeProblem[]): ExitCode {
  if (problems.some(({ code }) => UNSAFE.has(code))) return EXIT.refusedAsUnsafe
  return problems.every(({ code }) => USAGE.has(code)) ? EXIT.usage : EXIT.repositoryInvalid
}

function problemOf(io: Io, problem: MergeProblem, folders: Folders): Problem {
  const { code, message, at, hint = errorEntry(code)?.fix } = problem
  const { line, column } = at ?? {}
  return {
    code,
    severity: 'error',
    text: message,
    ...(at === undefined ? {} : { file: shown(io, join(folderOf(code, folders), at.file)) }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(hint === undefined ? {} : { hint }),
  }
}

function folderOf(code: MergeCode, { template, specifications, output }: Folders): string {
  if (code === 'SPECIFICATIONS_UNUSABLE' || code === 'SPECIFICATION_NOT_PARSABLE') return specifications ?? template
  return OF_OUTPUT.has(code) ? (output ?? template) : template
}

const OF_OUTPUT: ReadonlySet<MergeCode> = new Set([
  'MERGE_OUTPUT_UNUSABLE',
  'MERGE_PROVENANCE_INVALID',
  'MERGE_CONFLICT',
  'MERGE_OTHER_TEMPLATE',
])
