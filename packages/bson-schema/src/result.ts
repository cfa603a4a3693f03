/**
 * An expected outcome: failures are returned, defects are thrown. The same shape as that of `@stage0/types`, which this
 * package may not import.
 */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value })
export const err = <E>(error: E): Result<never, E> => ({ ok: false, error })
