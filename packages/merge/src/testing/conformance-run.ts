import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { openTemplate, type OpenedTemplate } from '../files/open-template.ts'
import { readSpecifications, type Specifications } from '../files/read-specifications.ts'
import type { MergePlan } from '../process/merge-plan.ts'
import { CONTROL_FILE } from '../process/names.ts'
import { planMerge } from '../process/plan-merge.ts'
import { productOf, type ProductEntry } from '../process/product.ts'
import { memoryTree, type TemplateTree } from '../process/tree.ts'
import { ok, type Result } from '../problem.ts'
import { Mapping } from '../value.ts'
import { readYaml } from '../values/read-yaml.ts'
import {
  isShort,
  type CaseFile,
  type CaseFiles,
  type ConformanceCase,
  type LongCase,
  type ShortCase,
} from './conformance-cases.ts'

const SHORT_CONTROL = 'templates:\n  - { path: page.txt, merge: true }\n'
const SHORT_CONTEXT = 'context:\n  - { key: d, type: path, path: specifications.data }\n'

/** The product of a case as the cases write it, or what is wrong. */
export function productOfCase(one: ConformanceCase): Result<CaseFiles> {
  if (isShort(one)) return inMemory(one)
  return onDisk(one, (folders) => {
    const planned = planOnDisk(folders, one)
    return planned.ok ? productFrom(planned.value.plan, planned.value.template) : planned
  })
}

function inMemory({ body, data }: ShortCase): Result<CaseFiles> {
  const control = data === undefined ? SHORT_CONTROL : SHORT_CONTEXT + SHORT_CONTROL
  const document = data === undefined ? undefined : readYaml(data, 'data.yaml')
  if (document?.ok === false) return document
  const specifications = Mapping.of(document === undefined ? [] : [['data', document.value.value]])
  const template = memoryTree({ [CONTROL_FILE]: control, 'page.txt': body })
  const plan = planMerge({ template, specifications, environment: {} })
  return plan.ok ? productFrom(plan.value, template) : plan
}

/** The folders of a case on the disk. */
export interface CaseFolders {
  readonly template: string
  readonly specifications: string
  /** Beside both, where nothing is yet. */
  readonly output: string
}

/** Lays the folders of a case out, for as long as `act` runs. */
export function onDisk<T>(one: LongCase, act: (folders: CaseFolders) => T): T {
  const scratch = mkdtempSync(join(tmpdir(), 'merge-conformance-'))
  try {
    const [template, specifications] = [join(scratch, 'repository'), join(scratch, 'specifications')]
    const control = one.control === undefined ? {} : { [CONTROL_FILE]: one.control }
    layOut(template, { ...one.template, ...control })
    layOut(specifications, one.specifications ?? {})
    return act({ template, specifications, output: join(scratch, 'output') })
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

function layOut(folder: string, files: CaseFiles): void {
  mkdirSync(folder)
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    if (typeof content === 'string') writeFileSync(path, content)
    else if ('link' in content) symlinkSync(content.link, path)
    else writeFileSync(path, Buffer.from(content.base64, 'base64'))
  }
}

/** A merge of folders, planned. */
export interface PlannedCase {
  readonly template: OpenedTemplate
  readonly specifications: Specifications
  readonly plan: MergePlan
}

/** Plans the merge of a case that is on the disk. */
export function planOnDisk(folders: CaseFolders, { environment = {} }: LongCase): Result<PlannedCase> {
  const template = openTemplate(folders.template)
  if (!template.ok) return template
  const specifications = readSpecifications(folders.specifications)
  if (!specifications.ok) return specifications
  const plan = planMerge({ template: template.value, specifications: specifications.value.value, environment })
  return plan.ok ? ok({ template: template.value, specifications: specifications.value, plan: plan.value }) : plan
}

function productFrom(plan: MergePlan, template: TemplateTree): Result<CaseFiles> {
  const product = productOf(plan, template)
  if (!product.ok) return product
  return ok(Object.fromEntries([...product.value].map(([path, entry]) => [path, inCase(entry)])))
}

function inCase(entry: ProductEntry): CaseFile {
  return entry.kind === 'link' ? { link: entry.target } : contentInCase(entry.bytes)
}

/** Every file of a folder as a case writes it; empty folders are no part of a product. */
export function treeOf(folder: string): CaseFiles {
  const found: [string, CaseFile][] = []
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink()) found.push([relative(folder, path), { link: readlinkSync(path) }])
    else if (entry.isFile()) found.push([relative(folder, path), contentInCase(readFileSync(path))])
  }
  return Object.fromEntries(found)
}

/** Bytes as a case writes them. */
function contentInCase(bytes: Uint8Array): CaseFile {
  const text = Buffer.from(bytes).toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : { base64: Buffer.from(bytes).toString('base64') }
}
