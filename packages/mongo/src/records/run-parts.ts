/** Of `stage0_runs`: `run` is the header, `plan` and `events` are its numbered parts, `_id` "<run>/plan/000001". */
type PartKind = 'plan' | 'events'

const PART_DIGITS = 6
/** At most 3 bytes each in UTF-8: a part stays below the 16 MiB of a document. */
const PLAN_PART_CHARACTERS = 4_000_000

export const partId = (runId: string, kind: PartKind, number: number): string =>
  `${runId}/${kind}/${String(number).padStart(PART_DIGITS, '0')}`

/** A range of `_id`s for all parts of one kind: "0" is the character after "/". */
export const partsOf = (runId: string, kind: PartKind): { readonly $gt: string; readonly $lt: string } => ({
  $gt: `${runId}/${kind}/`,
  $lt: `${runId}/${kind}0`,
})

/** A plan cut into parts, at least one. */
export function planParts(plan: string): readonly string[] {
  const parts: string[] = []
  for (let from = 0; from < plan.length; from += PLAN_PART_CHARACTERS) {
    parts.push(plan.slice(from, from + PLAN_PART_CHARACTERS))
  }
  return parts.length === 0 ? [''] : parts
}
