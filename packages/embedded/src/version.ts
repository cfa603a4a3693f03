/** What the server says it is. Features of later servers are not there. */
export const VERSION = '7.0.14'
export const VERSION_ARRAY: readonly number[] = [7, 0, 14, 0]
export const FEATURE_COMPATIBILITY_VERSION = '7.0'
/** Tells every client that this is not MongoDB itself. */
export const MODULE_NAME = 'embedded'
