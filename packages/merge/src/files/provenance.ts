import { fail, ok, type Result } from '../problem.ts'
import { PROVENANCE_FILE } from '../process/names.ts'
import { isContained } from '../process/output-path.ts'
import { byCodePoint } from '../process/tree.ts'
import type { GitSource } from './git-source.ts'

/**
 * What a product tells about the merge that made it. No time and no value of the environment is in it: the same merge gives the same
 * bytes, and what may be a secret is not even there as a digest, out of which short ones can be guessed.
 */
export interface Provenance {
  /** The version of the command that merged. */
  readonly engine: string
  readonly template: GitSource & { readonly name: string; readonly digest: string }
  readonly specifications: { readonly digest: string; readonly files: number }
  /** The names that the template saw. */
  readonly environment: readonly string[]
  /** Every file that came of the merge, with the digest of what was in it. */
  readonly files: ReadonlyMap<string, string>
}

const FORMAT = 1

/**
 * As JSON, sorted, with a line feed at its end. Paths begin with `./`: an object of JSON keeps the order of no name that is a number.
 */
export function provenanceText({ engine, template, specifications, environment, files }: Provenance): string {
  const { name, digest, remote, commit } = template
  const sorted = Object.fromEntries(
    [...files].sort(([a], [b]) => byCodePoint(a, b)).map(([path, hash]) => [`./${path}`, hash]),
  )
  const json = {
    format: FORMAT,
    engine: `stage0 ${engine}`,
    template: { name, digest, remote, commit },
    specifications,
    environment,
    files: sorted,
  }
  return `${JSON.stringify(json, undefined, 2)}\n`
}

/** What an update has to know of the last merge. */
export interface LastMerge {
  readonly template: { readonly name: string | undefined; readonly remote: string | undefined }
  /** With the digest of what was in each. */
  readonly files: ReadonlyMap<string, string>
}

/**
 * The last merge as a product tells it.
 *
 * @param text Of the provenance file of a product. It may come from anywhere.
 * @returns `MERGE_PROVENANCE_INVALID` where it is none.
 */
export function readProvenance(text: string): Result<LastMerge> {
  const invalid = (why: string): Result<never> =>
    fail({ code: 'MERGE_PROVENANCE_INVALID', message: `${PROVENANCE_FILE} ${why}.`, at: { file: PROVENANCE_FILE } })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return invalid('is not JSON')
    throw thrown
  }
  if (typeof json !== 'object' || json === null || !('format' in json) || !('files' in json))
    return invalid('is not as a merge writes it')
  if (json.format !== FORMAT) return invalid(`has the format ${String(json.format)}, and this version reads ${FORMAT}`)
  const { files } = json
  if (typeof files !== 'object' || files === null || Array.isArray(files)) return invalid('names no files')
  const digests = new Map<string, string>()
  for (const [path, digest] of Object.entries(files)) {
    if (!path.startsWith('./') || !isContained(path.slice(2)) || typeof digest !== 'string')
      return invalid(`says something about ${path} that is no digest`)
    digests.set(path.slice(2), digest)
  }
  return ok({ template: templateOf(json), files: digests })
}

function templateOf(json: object): LastMerge['template'] {
  const template =
    'template' in json && typeof json.template === 'object' && json.template !== null ? json.template : {}
  const name = 'name' in template && typeof template.name === 'string' ? template.name : undefined
  const remote = 'remote' in template && typeof template.remote === 'string' ? template.remote : undefined
  return { name, remote }
}
