import { fail, ok, type Problem, type Result } from '../problem.ts'
import type { Value } from '../value.ts'
import { Claims } from './claims.ts'
import { buildContext } from './context.ts'
import { readControl } from './control/read-control.ts'
import { readEnvironment, type Environment } from './environment.ts'
import { expand, type Expanded } from './expand.ts'
import { Items } from './items.ts'
import type { EntryReport, MergePlan } from './merge-plan.ts'
import { CONTROL_FILE, PROVENANCE_FILE, TEMPLATE_FOLDER } from './names.ts'
import { prepareEntries, type Prepared } from './prepare.ts'
import { checkRequires } from './requires.ts'
import { byCodePoint, decode, type TemplateTree } from './tree.ts'

export interface MergeInput {
  readonly template: TemplateTree
  /** The folder of specifications as one value. */
  readonly specifications: Value
  readonly environment: Environment
}

/**
 * Plans a whole merge without writing anything.
 *
 * @returns All that would be done; or every problem that can be known, in the order in which a merge meets them.
 */
export function planMerge({ template, specifications, environment }: MergeInput): Result<MergePlan> {
  const text = controlText(template)
  const control = text.ok ? readControl(text.value) : text
  if (!control.ok) return control
  const known = readEnvironment(control.value.environment, environment)
  const { prepared, problems } = prepareEntries(control.value.templates, template)
  // Paths of the context may be made of the environment: without it they say nothing.
  if (known.problems.length > 0) return fail(...known.problems, ...problems)
  const context = buildContext(control.value.context, specifications, known.names)
  const missing = [...context.problems, ...checkRequires(control.value.requires, context), ...problems]
  if (missing.length > 0) return fail(...missing)
  const order = new Map(prepared.map(({ path }, at) => [path, at]))
  const kept = filesOf(template).filter((path) => !order.has(path))
  const around = {
    context,
    environment: known.names,
    items: new Items(context),
    claims: new Claims(template, kept),
    order,
  }
  const expanded = prepared.map((one) => ({ one, ...expand(one, around) }))
  const wrong: readonly Problem[] = expanded.flatMap((one) => one.problems)
  return wrong.length > 0 ? fail(...wrong) : ok(planOf(template, expanded, [...known.names.keys()]))
}

function controlText(template: TemplateTree): Result<string> {
  const at = { file: CONTROL_FILE }
  if (template.entries.get(CONTROL_FILE)?.kind !== 'file') {
    const message = `The template has no ${CONTROL_FILE}, which says what is merged and how.`
    return fail({ code: 'TEMPLATE_CONTROL_MISSING', message, at })
  }
  const bytes = template.read(CONTROL_FILE)
  if (!bytes.ok) return bytes
  const text = decode(bytes.value)
  if (text !== undefined) return ok(text)
  return fail({ code: 'TEMPLATE_CONTROL_NOT_PARSABLE', message: 'The control file is not UTF-8.', at })
}

function planOf(
  template: TemplateTree,
  expanded: readonly (Expanded & { readonly one: Prepared })[],
  environment: readonly string[],
): MergePlan {
  const writes = expanded.flatMap(({ files }) => files)
  const written = new Set(writes.map(({ path }) => path))
  const used = new Set(expanded.flatMap(({ one }) => (one.output === undefined ? [] : [one.path])))
  const left = filesOf(template)
    .filter((path) => !written.has(path))
    .sort(byCodePoint)
  const entries = expanded.map(({ one, files, dropped }): EntryReport => ({
    path: one.path,
    mode: one.entry.mode.kind,
    outputs: files.map(({ path }) => path),
    dropped,
  }))
  return {
    writes,
    removes: left.filter((path) => used.has(path)),
    keeps: left.filter((path) => !used.has(path)),
    entries,
    environment: [...environment].sort(byCodePoint),
    warnings: expanded.flatMap(({ warnings }) => warnings),
  }
}

/** Everything that the product may take over and that is no folder. */
const filesOf = ({ entries }: TemplateTree): readonly string[] =>
  [...entries].filter(([path, { kind }]) => kind !== 'folder' && !isOfTemplate(path)).map(([path]) => path)

/** What the product never takes from the template. */
export const isOfTemplate = (path: string): boolean =>
  path === PROVENANCE_FILE || path === TEMPLATE_FOLDER || path.startsWith(`${TEMPLATE_FOLDER}/`)
