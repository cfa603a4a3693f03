import { join } from 'node:path'
import { shown } from '../init/report.ts'
import { checkFolder, type SpecificationProblem } from '../specs/check-folder.ts'
import type { Io } from '../terminal/io.ts'

/**
 * The errors that `stage0 specs check` finds in specifications that a template of ours is merged with, as warnings: such a template
 * knows these documents, and makes something wrong of what is wrong in them. Other templates may have documents of their own.
 *
 * @param folder   Of the specifications, absolute.
 * @param unparsed Files in it, relative, that the merge says itself that it cannot read: they are not told again.
 */
export async function errorsOfSpecifications(
  io: Io,
  folder: string,
  unparsed: ReadonlySet<string>,
): Promise<readonly SpecificationProblem[]> {
  const from = <Place extends { readonly file?: string }>(place: Place): Place =>
    place.file === undefined ? place : { ...place, file: shown(io, join(folder, place.file)) }
  return (await checkFolder(folder))
    .filter(({ severity, file }) => severity === 'error' && !(file !== undefined && unparsed.has(file)))
    .map(({ related, ...problem }) => ({
      ...from(problem),
      severity: 'warning',
      ...(related === undefined ? {} : { related: related.map(from) }),
    }))
}
