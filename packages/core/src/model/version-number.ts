/** `major.minor.patch.enumerators` */
export type VersionNumber = readonly [number, number, number, number]

const VERSION = /^[0-9]+\.[0-9]+\.[0-9]+(?:\.[0-9]+)?$/

/**
 * The four numbers of `major.minor.patch[.enumerators]`, ASCII digits only; a missing fourth is 0.
 * `undefined` for anything else, and for numbers that JavaScript cannot hold exactly.
 */
export function parseVersion(written: string): VersionNumber | undefined {
  if (!VERSION.test(written)) return undefined
  const [major = 0, minor = 0, patch = 0, enumerators = 0] = written.split('.').map(Number)
  const number: VersionNumber = [major, minor, patch, enumerators]
  return number.every(Number.isSafeInteger) ? number : undefined
}

/**
 * Reads `current_version` of a versions document: "<collection>.<major>.<minor>.<patch>[.<enumerators>]".
 * `undefined` where it has another form or names another collection.
 */
export function parseStoredVersion(collection: string, stored: string): VersionNumber | undefined {
  return stored.startsWith(`${collection}.`) ? parseVersion(stored.slice(collection.length + 1)) : undefined
}

/** Negative, zero or positive: ascending, number by number. */
export function compareVersions(a: VersionNumber, b: VersionNumber): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]
}

/** The normalised four-part form: "1.0.0.1". */
export const versionText = (number: VersionNumber): string => number.join('.')
