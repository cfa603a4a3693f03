import { grouped } from '../evidence/short-text.ts'

/** How much of a plan is shown: so many of each at most. */
export interface Detail {
  /** Rows of the table of collections. */
  readonly rows: number
  readonly problems: number
  /** Changes of rules and definitions of indexes, of each step. */
  readonly changes: number
  /** Risks of each step in their own words; with none of these they are counted by code. */
  readonly risks: number
  /** Rules and samples of each validator and index. */
  readonly evidence: number
}

/** From all to the least that still says what changes; the first that fits is taken. */
export const DETAILS: readonly Detail[] = [
  { rows: Infinity, problems: Infinity, changes: Infinity, risks: Infinity, evidence: Infinity },
  { rows: 300, problems: 100, changes: 40, risks: 12, evidence: 5 },
  { rows: 150, problems: 50, changes: 8, risks: 3, evidence: 1 },
  { rows: 80, problems: 25, changes: 0, risks: 0, evidence: 0 },
]

/** The first of them, and a word about the rest. */
export const firstOf = (items: readonly string[], most: number, rest: (left: number) => string): string[] =>
  items.length <= most ? [...items] : [...items.slice(0, most), rest(items.length - most)]

export const more = (left: number): string => `and ${grouped(left)} more`
