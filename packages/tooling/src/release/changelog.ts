/** What a change is to who uses it, the largest first. */
const KINDS = ['major', 'minor', 'patch'] as const
export type Kind = (typeof KINDS)[number]

export interface Changeset {
  readonly kind: Kind
  readonly text: string
  /** Names of packages. */
  readonly packages: readonly string[]
}

const HEADINGS: Readonly<Record<Kind, string>> = { major: 'Breaking', minor: 'New', patch: 'Mended' }
const UNRELEASED = '## Unreleased\n'

/**
 * A file of `.changeset`: packages with what the change is to each, between lines of dashes, then words for the
 * changelog. Nothing for a change that nobody notices: one that names no package.
 *
 * @throws Error where it is not such a file.
 */
export function readChangeset(text: string): Changeset | undefined {
  const [, head, body = ''] = /^---\r?\n([\s\S]*?)---\r?\n([\s\S]*)$/.exec(text) ?? []
  if (head === undefined) throw new Error('A changeset begins with a line of three dashes.')
  const entries = head
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, name, kind] = /^["']?(@[\w/-]+)["']?:\s*(\w+)$/.exec(line) ?? []
      const found = KINDS.find((one) => one === kind)
      if (name === undefined || found === undefined)
        throw new Error(`A changeset names packages and kinds, not: ${line}`)
      return { name, kind: found }
    })
  const kind = KINDS.find((one) => entries.some((entry) => entry.kind === one))
  if (kind === undefined) return undefined
  if (body.trim() === '') throw new Error('A changeset says in words what a user notices.')
  return { kind, text: body.trim(), packages: entries.map(({ name }) => name) }
}

/**
 * The changelog with a section for a version: what stood under "Unreleased", then the changesets by kind. All packages
 * have one version, and so one changelog.
 *
 * @param changelog Markdown with a heading "Unreleased".
 * @param day ISO 8601, for example 2026-01-31.
 * @throws Error where the heading is missing, or the version has a section already.
 */
export function withVersion(changelog: string, version: string, day: string, changesets: readonly Changeset[]): string {
  const at = changelog.indexOf(UNRELEASED)
  if (at < 0) throw new Error('The changelog has no heading "Unreleased".')
  if (notesOf(changelog, version) !== undefined) throw new Error(`The changelog has a section for ${version} already.`)
  const rest = changelog.slice(at + UNRELEASED.length)
  const end = /^## /m.exec(rest)?.index ?? rest.length
  const written = rest.slice(0, end).trim()
  const groups = KINDS.map((kind) => ({ kind, those: changesets.filter((one) => one.kind === kind) }))
  const parts = groups
    .filter(({ those }) => those.length > 0)
    .map(({ kind, those }) => `### ${HEADINGS[kind]}\n\n${those.map(itemOf).join('\n')}`)
  const section = [`## ${version} (${day})`, ...(written === '' ? [] : [written]), ...parts].join('\n\n')
  return `${[changelog.slice(0, at) + UNRELEASED.trimEnd(), section, rest.slice(end).trim()].filter((part) => part !== '').join('\n\n')}\n`
}

const itemOf = ({ text }: Changeset): string => `- ${text.replaceAll('\n', '\n  ')}`

/** The section of a version without its heading; nothing where there is none. */
export function notesOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1)
  const found = sections.find((one) => one.split(/\s/, 1)[0] === version)
  return found === undefined ? undefined : `${found.slice(found.indexOf('\n')).trim()}\n`
}
