/** A part of a split view; its content is the slot of its name. */
export interface Pane {
  readonly name: string
  /** What it is called for readers and on the button that brings it back. */
  readonly label: string
  /** Its share at first, relative to the others. */
  readonly size?: number
  /** Its smallest share in per cent; 10 unless given. */
  readonly min?: number
  readonly hideable?: boolean
}

/**
 * The shares of panes (in per cent, together 100) after the border behind pane `at` was moved by `delta` per cent: only the
 * two panes beside it change, and none becomes smaller than its least.
 */
export function moveBorder(
  shares: readonly number[],
  mins: readonly number[],
  at: number,
  delta: number,
): readonly number[] {
  const one = shares[at]
  const other = shares[at + 1]
  if (one === undefined || other === undefined) return shares
  const least = (mins[at] ?? 0) - one
  const most = other - (mins[at + 1] ?? 0)
  const moved = Math.max(Math.min(delta, Math.max(most, 0)), Math.min(least, 0))
  return shares.map((share, index) => (index === at ? one + moved : index === at + 1 ? other - moved : share))
}

/** Shares as per cent of their sum. */
export function normalise(shares: readonly number[]): readonly number[] {
  const sum = shares.reduce((total, share) => total + share, 0)
  return sum > 0 ? shares.map((share) => (share / sum) * 100) : shares
}
