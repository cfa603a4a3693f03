import type { FileKind } from '@stage0/types'
import { type Problem } from '@stage0/types'
import type { Settings, Snapshot } from '@stage0/workspace'
import { HttpProblem } from '../../http-problem.ts'
import { fileIndex, type FileEntry } from '../repository/file-index.ts'
import { perSnapshot, Recent } from '../repository/memo.ts'
import { jsonForm } from './file-json.ts'
import { preferred } from './accept.ts'

/** How a file can be sent, the default first. Raw text has two names: what a client sees as YAML, and what a browser shows. */
export const FORMS = ['application/json', 'application/yaml', 'text/plain'] as const
type Form = (typeof FORMS)[number]

/** One form of a file, with a strong entity tag of its own: `"<hash>-j"` for JSON, `"<hash>-y"` for the text as it is on the disk. */
export interface FileForm {
  readonly type: string
  readonly etag: string
  /** Made when it is sent: a client that has it needs none. */
  readonly text: () => string
}

/** JSON forms that are kept per snapshot, in characters. */
const MAX_KEPT = 32 * 1_048_576
const jsonForms = perSnapshot(() => new Recent<string>(MAX_KEPT, (text) => text.length))

/**
 * The form of a file that a client asks for.
 *
 * @throws HttpProblem FILE_NOT_FOUND, NOT_ACCEPTABLE, and FILE_BROKEN where the form cannot be made of what the file holds.
 */
export function fileForm(
  snapshot: Snapshot,
  settings: Settings,
  kind: FileKind,
  name: string,
  accept: string | undefined,
): FileForm {
  const { raw, path, broken, problems } = fileOf(snapshot, settings, kind, name)
  const form = preferred(accept, FORMS)
  if (form === undefined) throw new HttpProblem('NOT_ACCEPTABLE', `${path} can be sent as ${FORMS.join(', ')}.`)
  if (raw === undefined) throw brokenFile(`${path} cannot be read.`, problems)
  if (form !== 'application/json') return { type: typeOf(form), etag: `"${raw.hash}-y"`, text: () => raw.text }
  if (broken) throw brokenFile(`${path} has errors, so it cannot be sent as JSON.`, problems)
  const text = () => jsonForms(snapshot).get(path, () => jsonForm(raw))
  return { type: typeOf(form), etag: `"${raw.hash}-j"`, text }
}

const typeOf = (form: Form): string => `${form}; charset=utf-8`

/** @throws HttpProblem FILE_NOT_FOUND */
export function fileOf(snapshot: Snapshot, settings: Settings, kind: FileKind, name: string): FileEntry {
  const entry = fileIndex(snapshot, settings)[kind].get(name)
  if (entry === undefined) throw new HttpProblem('FILE_NOT_FOUND', `There is no file of that name among the ${kind}.`)
  return entry
}

export const brokenFile = (detail: string, problems: readonly Problem[]): HttpProblem =>
  new HttpProblem('FILE_BROKEN', detail, { problems: problems.filter(({ severity }) => severity === 'error') })
