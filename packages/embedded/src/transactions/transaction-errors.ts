import { ServerError } from '../server-error.ts'

/** 112: somebody else wrote the same document, or the same unique value. */
export const writeConflict = (): ServerError =>
  new ServerError(
    112,
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
  )

/** Errors after which the whole transaction may be tried again. Source: the published list of labels by code. */
const TRANSIENT: ReadonlySet<number> = new Set([112, 239, 246, 251])

export const isTransient = (code: number): boolean => TRANSIENT.has(code)
