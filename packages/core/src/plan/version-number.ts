import type { VersionNumber } from './wanted.ts'

/** Numeric order, part by part: 1.10.0.0 comes after 1.9.0.0. */
export function compareVersions(a: VersionNumber, b: VersionNumber): number {
  for (const i of [0, 1, 2, 3] as const) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1
  return 0
}

/** A version has few digits; more would not be a number that JavaScript holds exactly. */
const PART = /^\d{1,15}$/

/**
 * Reads `current_version` of a versions document: "<collection>.<major>.<minor>.<patch>[.<enumerators>]".
 * `undefined` where it has another form or names another collection.
 */
export function parseStoredVersion(collection: string, stored: string): VersionNumber | undefined {
  if (!stored.startsWith(`${collection}.`)) return undefined
  const parts = stored.slice(collection.length + 1).split('.')
  if (parts.length < 3 || parts.length > 4 || !parts.every((part) => PART.test(part))) return undefined
  const [major, minor, patch, enumerators] = parts.map(Number)
  return [major ?? 0, minor ?? 0, patch ?? 0, enumerators ?? 0]
}

export const versionText = (number: VersionNumber): string => number.join('.')
