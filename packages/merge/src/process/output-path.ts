import { NULL_DEVICE, PROVENANCE_FILE, STAGE_PREFIX, TEMPLATE_FOLDER } from './names.ts'

/** A path inside of the product, with `/`, without `.` and `..` steps; or that there is no such file in the product. */
export type OutputPath = { readonly kind: 'path'; readonly path: string } | { readonly kind: 'dropped' } | Refusal

interface Refusal {
  readonly kind: 'refused'
  readonly isOutside: boolean
  readonly why: string
  /** The same without a word of the path. */
  readonly whyInGeneral: string
}

const BYTES_PER_NAME = 255
const BYTES_PER_PATH = 4000

/** What Windows takes for a device in every folder, with any ending. Source: "Naming Files, Paths, and Namespaces", Microsoft. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/iu
/** Names of letters, digits, `_`, `-` and dots between them: of what makes a name unusable, only being a device can be said of them. */
const PLAIN = /^\w(?:[\w.-]*[\w-])?$/
const ASCII = /^[ -~]*$/
/** Characters that some file systems leave out when they compare names. Source: git, protection of .git on HFS+. */
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu

/**
 * Judges the output that a template names, as it came out of rendering. What one system takes for a path inside of the folder and
 * another does not is refused on all of them: products are made on one machine and used on others.
 */
export function outputPath(text: string): OutputPath {
  if (text === NULL_DEVICE) return { kind: 'dropped' }
  const inside = insidePath(text)
  if (inside.kind === 'refused') return inside
  const [first = ''] = inside.path.split('/', 1)
  const own = comparable(first)
  if (own === TEMPLATE_FOLDER) return refused(false, `${TEMPLATE_FOLDER} is never a part of the product`)
  if (own === PROVENANCE_FILE || own.startsWith(STAGE_PREFIX))
    return refused(false, `the name ${first} is kept for the merge itself`, 'its name is kept for the merge itself')
  return inside
}

/**
 * The same for a file that a template reads: it may be in `.stage0_template`.
 *
 * A `..` takes the name before it back, by the text alone: no link is followed and no folder has to be there, so that a path means
 * the same on every machine.
 */
export function insidePath(text: string): Exclude<OutputPath, { kind: 'dropped' }> {
  if (text === '') return refused(false, 'it is empty')
  if (text.includes('\\')) return refused(true, 'it has a backslash, which is the sign between folders on Windows')
  if (text.startsWith('/')) return refused(true, 'it is an absolute path')
  if (/^[a-z]:/i.test(text)) return refused(true, 'it begins with the letter of a drive')
  const names: string[] = []
  for (const step of text.split('/')) {
    if (step === '.') continue
    if (step !== '..') {
      const bad = badName(step)
      if (bad !== undefined) return bad
      names.push(step)
    } else if (names.pop() === undefined) return refused(true, 'it leads out of the folder')
  }
  if (/(?:^|\/)\.{1,2}$/.test(text)) return refused(false, 'it names a folder')
  const path = names.join('/')
  return Buffer.byteLength(path) > BYTES_PER_PATH ? refused(false, 'it is too long') : { kind: 'path', path }
}

function badName(name: string): Refusal | undefined {
  if (!PLAIN.test(name)) {
    if (name === '') return refused(false, 'a name in it is empty')
    if (/[\u0000-\u001f\u007f]/.test(name)) return refused(false, 'it has a control character')
    if (/\p{Surrogate}/u.test(name)) return refused(false, 'it has half of a character')
    if (isGit(name)) return refused(false, 'what is in .git belongs to git')
    if (/[<>:"|?*]/.test(name) || /[. ]$/.test(name)) return notOnWindows(name)
  }
  if (DEVICE.test(name)) return notOnWindows(name)
  return Buffer.byteLength(name) > BYTES_PER_NAME ? refused(false, 'a name in it is too long') : undefined
}

const notOnWindows = (name: string): Refusal =>
  refused(
    false,
    `"${name}" cannot be the name of a file on Windows`,
    'a name in it cannot be the name of a file on Windows',
  )

const refused = (isOutside: boolean, why: string, whyInGeneral = why): Refusal => ({
  kind: 'refused',
  isOutside,
  why,
  whyInGeneral,
})

/** `git~1` is how Windows also calls the first such folder. */
const isGit = (name: string): boolean => ['.git', 'git~1'].includes(comparable(name))

/** What two names have in common that some file systems take for one. */
export const comparable = (name: string): string =>
  ASCII.test(name) ? name.toLowerCase() : name.replaceAll(IGNORED, '').normalize('NFC').toLowerCase()

/** Whether a path that somebody wrote down for a merge is inside of its folder, and nothing of git: its hooks are programs. */
export const isContained = (path: string): boolean =>
  path.split('/').every((name) => !['', '.', '..', '.git'].includes(comparable(name)) && !name.includes('\0'))
