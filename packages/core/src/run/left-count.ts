import type { RunSummary } from '@stage0/types'

/** How many documents a run left that do not match, by what its record says; `undefined` where it left none. */
export function leftCount({ status, error }: Pick<RunSummary, 'status' | 'error'>): number | undefined {
  const found: unknown = error?.detail
  if (status !== 'succeeded_with_leftovers' || typeof found !== 'object' || found === null) return undefined
  const counts = Object.values(found).filter((count): count is number => typeof count === 'number' && count > 0)
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0)
}
