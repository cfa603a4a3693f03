import { compareStrings } from '@stage0/bson-schema'

/** Names in code point order: the one order of files, whatever the file system says. */
export const byCodePoints = (names: readonly string[]): string[] => [...names].sort(compareStrings)
