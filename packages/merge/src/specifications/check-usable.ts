import { insidePath } from '../process/output-path.ts'
import type { SpecificationDocument } from './document.ts'
import { shown, type Finding } from './finding.ts'
import { isWord } from './form.ts'
import { namedAt, type Architecture, type Named } from './model.ts'

/** Names of databases that the server keeps for itself. */
const KEPT_DATABASES = new Set(['admin', 'config', 'local'])
/** Source: MongoDB manual, naming restrictions, for servers on all systems. */
const NOT_IN_DATABASE = /[/\\. "$*<>:|?\0]/u
const DATABASE_BYTES = 63

/** A part of the path of an image, in whatever letters: templates make small ones. Source: OCI distribution, names. */
const OF_IMAGE = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/i
/** The same for what also names a project of compose, which has no dots. */
const OF_PROJECT = /^[a-z0-9]+(?:(?:_|__|-+)[a-z0-9]+)*$/i
const IMAGE = 'letters from a to z and digits, with single dots, underscores and hyphens between them'
const PROJECT = 'letters from a to z and digits, with single underscores and hyphens between them'

/** Names of the catalog that cannot be what they become everywhere: a collection, and files that are called after it. */
export const checkUsableNames = (catalog: readonly Named[]): readonly Finding[] =>
  judged(catalog, 'the name of a collection', whyNoCollection)

/** Whether a name of the catalog can be used at all. */
export const isUsable = (name: string): boolean => whyNoCollection(name) === undefined

function whyNoCollection(name: string): string | undefined {
  if (name.toLowerCase() === 'system') return 'MongoDB keeps it for itself'
  if (!/^[\p{L}\p{M}\p{N}_-]+$/u.test(name)) return 'it has more than letters, digits, underscores and hyphens'
  const path = insidePath(`${name}.yaml`)
  return path.kind === 'refused' ? `for a file that is called after it, ${path.why}` : undefined
}

/** Names of the product that cannot be what templates make of them: a database, images. */
export const checkProductNames = (product: SpecificationDocument): readonly Finding[] => [
  ...judged(namedAt(product, ['info', 'db_name']), 'the name of a database', whyNoDatabase),
  ...judged(namedAt(product, ['info', 'slug']), 'a part of the names of images', ofForm(OF_PROJECT, PROJECT)),
  ...judged(namedAt(product, ['organization', 'docker_org']), 'a part of the names of images', ofForm(OF_IMAGE, IMAGE)),
]

/** Names of repositories that no image of them can have. */
export const checkRepoNames = ({ domains }: Architecture): readonly Finding[] =>
  domains.flatMap(({ repos }) =>
    repos.flatMap(({ name, at }) =>
      name === undefined || at === undefined
        ? []
        : judged([{ name, at }], 'a part of the names of images', ofForm(OF_PROJECT, PROJECT)),
    ),
  )

function whyNoDatabase(name: string): string | undefined {
  if (KEPT_DATABASES.has(name)) return 'MongoDB keeps it for itself'
  const [bad] = NOT_IN_DATABASE.exec(name) ?? []
  if (bad !== undefined) return `it has ${shown(bad)}`
  return Buffer.byteLength(name) > DATABASE_BYTES ? `it has more than ${DATABASE_BYTES} bytes` : undefined
}

const ofForm =
  (form: RegExp, wanted: string) =>
  (name: string): string | undefined =>
    form.test(name) ? undefined : `it is made of ${wanted}`

/** What is no word at all has been complained about. */
const judged = (
  names: readonly Named[],
  what: string,
  whyNot: (name: string) => string | undefined,
): readonly Finding[] =>
  names.flatMap(({ name, at }) => {
    const why = isWord(name) ? whyNot(name) : undefined
    if (why === undefined) return []
    const text = `${shown(name)} cannot be ${what}: ${why}.`
    return [{ code: 'SPECIFICATION_NAME_UNUSABLE', severity: 'error', text, at }]
  })
