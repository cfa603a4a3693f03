import type { QueryCache } from '@pinia/colada'

/**
 * Asks anew for everything under the keys that somebody looks at. It is not waited for: a question given up for a newer one is
 * no failure, and what does fail is shown where the answer was wanted.
 */
export function refresh(cache: Pick<QueryCache, 'invalidateQueries'>, keys: readonly (readonly string[])[]): void {
  for (const key of keys) cache.invalidateQueries({ key: [...key] }).catch(() => undefined)
}
