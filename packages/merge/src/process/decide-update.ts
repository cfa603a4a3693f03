/** What becomes of a file of a product that is merged again. */
export type Decision =
  /** It is as the last merge made it, and is made anew; or it is new. */
  | 'write'
  /** It is as the last merge made it, and no longer a part of the product. */
  | 'remove'
  /** It is as this merge would make it. */
  | 'same'
  /** People changed or removed it, and the merge makes what it made last time. */
  | 'theirs'
  | Conflict

/** Why neither side may just win. */
export type Conflict = 'changedByBoth' | 'removedByHand' | 'noLongerMade' | 'alreadyThere'

/** Digests of one file: of what the last merge made, of what is there now, of what this merge makes. */
export interface Sides {
  readonly last: string | undefined
  readonly now: string | undefined
  readonly next: string | undefined
}

/** Three sides of one file: where two agree, the third one wins. */
export function decide({ last, now, next }: Sides): Decision {
  if (now === next) return 'same'
  if (now === last) return next === undefined ? 'remove' : 'write'
  if (next === last) return 'theirs'
  if (last === undefined) return 'alreadyThere'
  if (next === undefined) return 'noLongerMade'
  return now === undefined ? 'removedByHand' : 'changedByBoth'
}

const CONFLICTS: Readonly<Record<Conflict, string>> = {
  changedByBoth: 'was changed by hand, and the merge makes something else of it now',
  removedByHand: 'was removed by hand, and the merge makes something else of it now',
  noLongerMade: 'was changed by hand, and the merge no longer makes it',
  alreadyThere: 'was put there by hand, and the merge makes another file of that name now',
}

export const isConflict = (decision: Decision): decision is Conflict => Object.hasOwn(CONFLICTS, decision)

export const conflictText = (conflict: Conflict): string => CONFLICTS[conflict]
