import { checkSpecifications, type Finding } from '@stage0/merge'
import { ERRORS, type ErrorCode, type Problem } from '@stage0/types'
import { readSpecificationFolder } from './read-folder.ts'

/** A problem that may name a second place, which does not go together with the first. */
export interface SpecificationProblem extends Problem {
  readonly related?: readonly Pick<Problem, 'file' | 'line' | 'column'>[]
}

/** Everything that is wrong in a folder of specifications, in the order of files and lines. */
export async function checkFolder(folder: string): Promise<readonly SpecificationProblem[]> {
  const { files, problems: unread } = await readSpecificationFolder(folder)
  const names = new Set(unread.map(({ file }) => file))
  const found = checkSpecifications(files).filter(
    // What is there and cannot be read has been told about.
    ({ code, at }) => code !== 'SPECIFICATION_DOCUMENT_MISSING' || !names.has(at.file),
  )
  return [...unread, ...found.map(problemOf)].sort((a, b) => compareText(a.file ?? '', b.file ?? ''))
}

/** A finding in the shape of all problems, with what the catalogue says to do where it does not say so itself. */
function problemOf({ code, severity, text, hint, at, other }: Finding): SpecificationProblem {
  const known: ErrorCode = code
  return {
    code,
    severity,
    ...at,
    text,
    hint: hint ?? ERRORS[known].fix,
    ...(other === undefined ? {} : { related: [other] }),
  }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
