import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { lookAtTarget, openTemplate, planMerge, readSpecifications, writeNew, type Result } from '@stage0/merge'

/**
 * A merge that generates 5,000 files, as a ratio to writing the same 5,000 files alone: without reading specifications, without
 * rendering, without the provenance, and without waiting until they are on the disk, as the merge does.
 *
 * Both write into folders of the same disk in turn, several rounds; the fastest of each counts. What is on the way to the disk from one must not
 * be paid for by the other, so that the disk is asked to finish in between.
 */
const FILES = 5000
/** So many collections, each with as many files as templates for services and pages make of one. */
const ENTRIES = 250
const ROUNDS = 7
/** Bar of the acceptance. */
const MAX_RATIO = 3

const TEMPLATE = `// {{ name }} of {{ info.name }}: {{ item.description }}
{%- for field in specifications.fields %}
export const {{ field.name | lower }} = { type: '{{ field.type }}'{% if field.required %}, required: true{% endif %} }
{%- endfor %}
`
const parts = Array.from({ length: FILES / ENTRIES }, (_, at) => `part${at}`)
const CONTROL = `
context: [{ key: info, type: path, path: specifications.product.info }]
templates:
${parts.map((part) => `  - { path: ${part}.template, mergeFor: { items: specifications.catalog.entries, output: "${part}/{{ name | lower }}.ts" } }`).join('\n')}
`

const valueOf = <T>(result: Result<T>): T => {
  if (result.ok) return result.value
  throw new Error(JSON.stringify(result.problems.slice(0, 3)))
}

function writeInput(root: string): void {
  const fields = ['Name', 'Description', 'Created', 'Saved', 'Status'].map((name, at) => ({
    name,
    type: 'word',
    required: at < 2,
  }))
  const entries = Array.from({ length: ENTRIES }, (_, at) => ({
    name: `Entry${at}`,
    description: `Number ${at}`,
    fields,
  }))
  const files: Readonly<Record<string, string>> = {
    'template/.stage0_template/process.yaml': CONTROL,
    ...Object.fromEntries(parts.map((part) => [`template/${part}.template`, TEMPLATE])),
    'specifications/product.yaml': 'info: { name: Shop }\n',
    'specifications/fields.yaml': JSON.stringify(fields),
    'specifications/catalog.yaml': `entries:\n${entries.map((entry) => `  - ${JSON.stringify(entry)}\n`).join('')}`,
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** The whole way from folders to a folder. */
function merge(root: string, output: string): ReadonlyMap<string, string> {
  const template = valueOf(openTemplate(join(root, 'template')))
  const specifications = valueOf(readSpecifications(join(root, 'specifications')))
  const plan = valueOf(planMerge({ template, specifications: specifications.value, environment: {} }))
  const target = valueOf(lookAtTarget(output, template.folder))
  valueOf(writeNew({ template, specifications, plan, engine: 'bench' }, target, root))
  return new Map(plan.writes.map(({ path, text }) => [path, text]))
}

function writeAlone(output: string, files: ReadonlyMap<string, string>): void {
  for (const part of parts) mkdirSync(join(output, part), { recursive: true })
  for (const [path, text] of files) writeFileSync(join(output, path), text)
}

const milliseconds = (work: () => unknown): number => {
  spawnSync('sync')
  const start = performance.now()
  work()
  return performance.now() - start
}

const root = mkdtempSync(join(tmpdir(), 'stage0-bench-merge-'))
try {
  writeInput(root)
  const files = merge(root, join(root, 'first'))
  const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  console.log(`${files.size} files, ${(bytes / 1e6).toFixed(1)} MB`)
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const alone = milliseconds(() => writeAlone(join(root, `alone-${round}`), files))
    const merged = milliseconds(() => merge(root, join(root, `merged-${round}`)))
    return { alone, merged }
  })
  const sample = 'part0/entry0.ts'
  if (readFileSync(join(root, 'merged-0', sample), 'utf8') !== files.get(sample))
    throw new Error(`${sample} is not as planned`)
  const alone = Math.min(...rounds.map((round) => round.alone))
  const merged = Math.min(...rounds.map((round) => round.merged))
  const ratio = merged / alone
  console.log(
    `writing alone ${alone.toFixed(0)} ms, merge ${merged.toFixed(0)} ms: the fastest of ${ROUNDS} rounds each`,
  )
  console.log(`merge / writing alone: ${ratio.toFixed(2)} (bar ${MAX_RATIO})`)
  if (!(ratio <= MAX_RATIO)) process.exitCode = 1
} finally {
  rmSync(root, { recursive: true, force: true })
}
