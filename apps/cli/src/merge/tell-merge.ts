import type { MergePlan } from '@stage0/merge'
import { EXIT } from '@stage0/types'
import { shown } from '../init/report.ts'
import type { Io } from '../terminal/io.ts'
import { visible } from '../terminal/visible.ts'

/** A merge that was done, or would be. All folders are absolute. */
export interface MergeReport {
  readonly template: string
  readonly specifications: string
  readonly folder: string
  readonly isInPlace: boolean
  readonly isDryRun: boolean
  readonly plan: MergePlan
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

/** What is told at the end. */
export function tellMerge(io: Io, report: MergeReport, asJson: boolean | undefined): void {
  if (asJson === true) io.out(json(jsonOf(report)))
  else if (report.isDryRun) io.out(dryRunText(io, report))
  else io.out(`Merged ${into(io, report)}: ${counts(report)}.\n`)
}

function into(io: Io, { template, folder, isInPlace }: MergeReport): string {
  const place = visible(shown(io, folder))
  return isInPlace ? `${place} in its place` : `${visible(shown(io, template))} into ${place}`
}

/** What a merge of before began, which was killed, is whole now; nothing else was done. */
export function tellFinished(io: Io, folder: string, asJson: boolean | undefined): void {
  const text = `A merge that was cut off in ${visible(shown(io, folder))} is finished, as it was planned then; nothing else was written.\n`
  io.out(asJson === true ? json({ ok: true, exit_code: EXIT.done, output: folder, finished: true }) : text)
}

function jsonOf({ template, specifications, folder, isInPlace, isDryRun, plan }: MergeReport): object {
  return {
    ok: true,
    exit_code: EXIT.done,
    template,
    specifications,
    output: folder,
    in_place: isInPlace,
    dry_run: isDryRun,
    written: plan.writes.map(({ path, from, text }) => ({ path, from, bytes: Buffer.byteLength(text) })),
    removed: plan.removes,
    [isInPlace ? 'kept' : 'copied']: plan.keeps,
    entries: plan.entries,
    environment: plan.environment,
  }
}

function dryRunText(io: Io, report: MergeReport): string {
  const { plan, isInPlace } = report
  const lines = [
    ...plan.writes.map(({ path, from }) => `write   ${path}${path === from ? '' : `  from ${from}`}`),
    ...(isInPlace ? plan.removes.map((path) => `remove  ${path}`) : []),
    ...(isInPlace ? [] : plan.keeps.map((path) => `copy    ${path}`)),
  ]
  return `${lines.map((line) => `${visible(line)}\n`).join('')}\nFor ${visible(shown(io, report.folder))}: ${counts(report)}. Nothing was written.\n`
}

function counts({ plan, isInPlace }: MergeReport): string {
  const generated = `${files(plan.writes.length)} generated`
  if (!isInPlace) return `${generated}, ${plan.keeps.length} copied`
  return `${generated}, ${plan.removes.length} removed, ${plan.keeps.length} kept`
}

const files = (count: number): string => `${count} file${count === 1 ? '' : 's'}`
