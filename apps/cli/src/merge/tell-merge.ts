import type { MergePlan, PlannedUpdate } from '@stage0/merge'
import { EXIT, type Problem } from '@stage0/types'
import { shown } from '../init/report.ts'
import { renderProblems } from '../present/problems.ts'
import type { Io } from '../terminal/io.ts'
import { visible } from '../terminal/visible.ts'

/** A merge that was done, or would be. All folders are absolute. */
export interface MergeReport {
  readonly template: string
  readonly specifications: string
  readonly folder: string
  readonly isInPlace: boolean
  readonly isDryRun: boolean
  /** Whether a merge that was cut off in the folder was brought to an end before. */
  readonly isFormerFinished: boolean
  readonly plan: MergePlan
  /** Of a product that was there, and was merged again. */
  readonly update: PlannedUpdate | undefined
  readonly warnings: readonly Problem[]
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

/** What is told at the end. */
export function tellMerge(io: Io, report: MergeReport, asJson: boolean | undefined): void {
  if (asJson !== true) io.err(renderProblems(report.warnings, io.errColors))
  if (asJson === true) io.out(json(jsonOf(report)))
  else if (report.isDryRun) io.out(dryRunText(io, report))
  else io.out(`Merged ${into(io, report)}: ${counts(report)}.\n`)
}

function into(io: Io, { template, folder, isInPlace, update }: MergeReport): string {
  const place = visible(shown(io, folder))
  if (update !== undefined) return `${visible(shown(io, template))} into ${place} again`
  return isInPlace ? `${place} in its place` : `${visible(shown(io, template))} into ${place}`
}

const finished = (io: Io, folder: string): string =>
  `A merge that was cut off in ${visible(shown(io, folder))} is finished, as it was planned then`

/** What a merge of before began, which was killed, is whole now; what was asked for comes after it. */
export const tellFormer = (io: Io, folder: string): void => io.err(`${finished(io, folder)}.\n`)

/** The same where nothing came after it. */
export function tellFinished(io: Io, folder: string, asJson: boolean | undefined): void {
  if (asJson === true) io.out(json({ ok: true, exit_code: EXIT.done, output: folder, finished: true }))
  else io.out(`${finished(io, folder)}; nothing else was written.\n`)
}

function jsonOf(report: MergeReport): object {
  const { template, specifications, folder, isInPlace, isDryRun, isFormerFinished, plan, update, warnings } = report
  // Of what the template makes, only this is not there yet.
  const isNew = (path: string): boolean => update === undefined || update.written.includes(path)
  return {
    ok: true,
    exit_code: EXIT.done,
    ...(isFormerFinished ? { finished: true } : {}),
    template,
    specifications,
    output: folder,
    in_place: isInPlace,
    dry_run: isDryRun,
    written: plan.writes
      .filter(({ path }) => isNew(path))
      .map(({ path, from, text }) => ({ path, from, bytes: Buffer.byteLength(text) })),
    removed: update === undefined ? plan.removes : update.removed,
    [isInPlace ? 'kept' : 'copied']: plan.keeps.filter(isNew),
    entries: plan.entries,
    environment: plan.environment,
    ...(update === undefined ? {} : { update: updateOf(update) }),
    problems: warnings,
  }
}

const updateOf = ({ written, removed, kept, same }: PlannedUpdate): object => ({ written, removed, kept, same })

function dryRunText(io: Io, report: MergeReport): string {
  return `${linesOf(report)
    .map((line) => `${visible(line)}\n`)
    .join('')}\nFor ${visible(shown(io, report.folder))}: ${counts(report)}. Nothing was written.\n`
}

function linesOf({ plan, isInPlace, update }: MergeReport): readonly string[] {
  if (update !== undefined)
    return [
      ...update.written.map((path) => `write   ${path}`),
      ...update.removed.map((path) => `remove  ${path}`),
      ...update.kept.map((path) => `keep    ${path}  as people made it`),
    ]
  return [
    ...plan.writes.map(({ path, from }) => `write   ${path}${path === from ? '' : `  from ${from}`}`),
    ...(isInPlace ? plan.removes.map((path) => `remove  ${path}`) : []),
    ...(isInPlace ? [] : plan.keeps.map((path) => `copy    ${path}`)),
  ]
}

function counts({ plan, isInPlace, update }: MergeReport): string {
  if (update !== undefined) {
    const { written, removed, kept, same } = update
    return `${files(written.length)} written, ${removed.length} removed, ${kept.length} kept as people made them, ${same} the same`
  }
  const generated = `${files(plan.writes.length)} generated`
  if (!isInPlace) return `${generated}, ${plan.keeps.length} copied`
  return `${generated}, ${plan.removes.length} removed, ${plan.keeps.length} kept`
}

/** `1 file`, `2 files`. */
export const files = (count: number): string => `${count} file${count === 1 ? '' : 's'}`
