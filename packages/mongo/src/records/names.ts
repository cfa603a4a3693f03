/** Collections of Stage0's own, beside the two whose names are settings. */
export const HISTORY = 'stage0_history'
export const RUNS = 'stage0_runs'
export const LOCK = 'stage0_lock'
/** Field that Stage0 adds to a stored enumerators document. */
export const ENUMERATORS_HASH = 'content_hash'
