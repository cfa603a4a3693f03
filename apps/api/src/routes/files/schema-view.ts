import { inspectFile } from '@stage0/core'
import type { Settings, Snapshot } from '@stage0/workspace'
import { perSnapshot, Recent } from '../repository/memo.ts'
import { brokenFile, fileOf } from './file-forms.ts'

/** Texts of inspected files that are kept per snapshot, in characters. */
const MAX_KEPT = 32 * 1_048_576
const views = perSnapshot(() => new Recent<string>(MAX_KEPT, (text) => text.length))

/**
 * A dictionary or a type to look at, as JSON.
 *
 * @param enumerators Version that values are taken from; the newest where it is `undefined`.
 * @throws HttpProblem FILE_NOT_FOUND, FILE_BROKEN
 */
export function schemaViewText(
  snapshot: Snapshot,
  settings: Settings,
  kind: 'dictionaries' | 'types',
  name: string,
  enumerators: number | undefined,
): string {
  const { path, problems } = fileOf(snapshot, settings, kind, name)
  return views(snapshot).get(`${path}?${enumerators ?? ''}`, () => {
    const view = inspectFile(snapshot.repository, kind, name, {
      enumerators,
      maxDepth: settings.RENDER_STACK_MAX_DEPTH.value,
      problems: snapshot.problems,
    })
    if (view === undefined) throw brokenFile(`${path} has errors, so there is no schema to show.`, problems)
    return JSON.stringify(view)
  })
}
