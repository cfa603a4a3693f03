import type { Value } from '@stage0/bson-schema'
import { canonicalJson } from '../plan/canonical.ts'

const MAX_SHOWN_CHARACTERS = 120

/** A value as it is shown in problem texts: JSON, cut where it is long. */
export function quoted(value: Value): string {
  const text = canonicalJson(value)
  return text.length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS)}…`
}
