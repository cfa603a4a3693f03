import { basename } from 'node:path'
import { ok, type Result } from '../problem.ts'
import type { MergePlan } from '../process/merge-plan.ts'
import { PROVENANCE_FILE, TEMPLATE_FOLDER } from '../process/names.ts'
import { isOfTemplate } from '../process/plan-merge.ts'
import { productOf, type Product, type ProductEntry } from '../process/product.ts'
import { changeFolder } from './change-folder.ts'
import { digestAt } from './digest-at.ts'
import { digestOf, digestOfEntry, digestOfTree } from './digest.ts'
import { gitSource } from './git-source.ts'
import { makeProduct } from './make-folder.ts'
import type { OpenedTemplate } from './open-template.ts'
import { provenanceText } from './provenance.ts'
import type { Specifications } from './read-specifications.ts'
import type { Target } from './target.ts'

/** A merge that was planned, and what it was planned from. */
export interface PlannedMerge {
  readonly template: OpenedTemplate
  readonly specifications: Specifications
  readonly plan: MergePlan
  /** The version of the command, for the provenance. */
  readonly engine: string
}

/** Called while files are written: how many are, of how many. */
export type OnProgress = (done: number, total: number) => void

/**
 * Writes a product to a new folder. What the template has and the control file does not list is copied as it is.
 *
 * @param standsIn Where the person stands, absolute.
 */
export function writeNew(merge: PlannedMerge, target: Target, standsIn: string, onProgress?: OnProgress): Result<void> {
  const product = wholeProduct(merge)
  if (!product.ok) return product
  const folders = [...merge.template.entries]
    .filter(([path, { kind }]) => kind === 'folder' && !isOfTemplate(path))
    .map(([path]) => path)
  return makeProduct({ target, folders, product: product.value, standsIn }, counting(product.value.size, onProgress))
}

/** Makes the product out of the template folder itself, as the first implementation did. */
export function writeInPlace(merge: PlannedMerge, onProgress?: OnProgress): Result<void> {
  const { template, plan } = merge
  // What cannot be copied can stay.
  const stays = plan.keeps.filter((path) => isPlain(template, path))
  const product = wholeProduct({ ...merge, plan: { ...plan, keeps: stays } })
  if (!product.ok) return product
  const written = [...plan.writes.map(({ path }) => path), PROVENANCE_FILE]
  const puts = new Map(written.flatMap((path) => entryOf(product.value, path)))
  const was = asRead(template, [...puts.keys(), ...plan.removes])
  const changes = { puts, removes: plan.removes, removesFolders: [TEMPLATE_FOLDER], was }
  return changeFolder(template.folder, changes, counting(puts.size, onProgress))
}

/** All files of a product, its provenance among them. */
export function wholeProduct({ template, specifications, plan, engine }: PlannedMerge): Result<Product> {
  const product = productOf(plan, template)
  if (!product.ok) return product
  const digest = digestOfTree(template, new Set(plan.entries.map(({ path }) => path)))
  if (!digest.ok) return digest
  const text = provenanceText({
    engine,
    template: { name: basename(template.folder), digest: digest.value, ...gitSource(template.folder) },
    specifications: { digest: specifications.digest, files: specifications.files.length },
    environment: plan.environment,
    files: new Map([...product.value].map(([path, entry]) => [path, digestOfEntry(entry)])),
  })
  return ok(
    new Map([...product.value, [PROVENANCE_FILE, { kind: 'file', bytes: Buffer.from(text), isExecutable: false }]]),
  )
}

/** What the merge was made of: a file that was changed since then is another one. */
function asRead(template: OpenedTemplate, paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    paths.flatMap((path) => {
      const entry = template.entries.get(path)
      if (entry?.kind === 'link') return [[path, digestOf(`link ${entry.target}`)]]
      const digest = entry === undefined ? undefined : (template.digestRead(path) ?? digestAt(template.folder, path))
      return digest === undefined ? [] : [[path, digest]]
    }),
  )
}

function isPlain({ entries }: OpenedTemplate, path: string): boolean {
  const entry = entries.get(path)
  return entry?.kind === 'file' || (entry?.kind === 'link' && !entry.isOutside)
}

function entryOf(product: Product, path: string): readonly (readonly [string, ProductEntry])[] {
  const entry = product.get(path)
  return entry === undefined ? [] : [[path, entry]]
}

function counting(total: number, onProgress: OnProgress | undefined): () => void {
  let done = 0
  return () => onProgress?.((done += 1), total)
}
