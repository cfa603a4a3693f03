import type { Problem } from '@stage0/types'

/** What the caller decides about a plan. */
export interface PlanOptions {
  /** "local" for the embedded server and loopback; anything else makes loading test data a risk. */
  readonly environment: string
  readonly loadTestData: boolean
  /** Names of collections to plan for; all where absent. */
  readonly collections?: readonly string[] | undefined
  /** Where versions and enumerators are recorded. */
  readonly records?: { readonly versions: string; readonly enumerators: string } | undefined
  /** Somebody else applies the plan: what the connected user may not change is no problem. Default false. */
  readonly forReview?: boolean | undefined
  /** What was found about the target besides (test data against stored documents); told with the other problems. */
  readonly findings?: readonly Problem[] | undefined
  /** What a person found out about migrations that were cut off, by step id. Counts only for steps whose outcome is not journaled. */
  readonly outcomes?: Readonly<Record<string, 'done' | 'repeat'>> | undefined
}

/** Names that existing databases have. */
export const DEFAULT_RECORDS = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' } as const

/** Who keeps the collection of this name for itself, or `undefined`: it is free for data. */
export function ownerOf(
  name: string,
  records: { readonly versions: string; readonly enumerators: string },
): 'Stage0' | 'MongoDB' | undefined {
  if (name.startsWith('stage0_') || name === records.versions || name === records.enumerators) return 'Stage0'
  return name.startsWith('system.') ? 'MongoDB' : undefined
}

/** The environment where test data may be loaded without a word. */
export const LOCAL_ENVIRONMENT = 'local'
