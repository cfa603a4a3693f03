import { checkRepository, readRepository, type RawFile, type Repository, type Wanted } from '@stage0/core'
import type { Problem } from '@stage0/types'
import { readWorkspace, workspaceOptions } from './read-workspace.ts'
import type { Settings } from './settings/load-settings.ts'

/** One parsed, checked, immutable read of a whole repository: every operation works on one snapshot. */
export interface Snapshot {
  /** Every file that could be read, in code point order within its folder. */
  readonly files: readonly RawFile[]
  readonly repository: Repository
  /** Everything that is wrong in it, by file and line; also why the folder is no repository, where it is none. */
  readonly problems: readonly Problem[]
  /** What it wants of a database, put together when first asked for; `undefined` where there is an error among the problems. */
  readonly wanted: Wanted | undefined
}

/** Runs work that may take for ever, and throws where it takes too long. */
export type Bounded = <T>(work: () => T) => T

/**
 * Reads and checks a repository once.
 *
 * @param loadTestData Whether test data will be loaded: then what is wrong in them is an error. LOAD_TEST_DATA by default.
 * @param bounded Holds for everything that is computed from the files, also later, which a pattern of the repository can draw out.
 */
export async function readSnapshot(
  folder: string,
  settings: Settings,
  loadTestData: boolean = settings.LOAD_TEST_DATA.value,
  bounded: Bounded = (work) => work(),
): Promise<Snapshot> {
  const read = await readWorkspace(folder, workspaceOptions(settings))
  const { files, problems: found } = read.ok ? read.value : { files: [], problems: read.error }
  const repository = bounded(() => readRepository({ files, problems: found }))
  if (!read.ok) return { files, repository, problems: found, wanted: undefined }
  const options = { loadTestData, maxDepth: settings.RENDER_STACK_MAX_DEPTH.value }
  const checked = bounded(() => checkRepository(repository, options))
  return {
    files,
    repository,
    problems: checked.problems,
    // Put together only when asked for: checking alone does not need it.
    get wanted() {
      return bounded(() => checked.wanted)
    },
  }
}
