import { suggest } from './suggest.ts'

/** `Did you mean "x"?`, ready to be used as a hint; `undefined` where nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const found = suggest(name, [...candidates])
  return found === undefined || found === name ? undefined : `Did you mean "${found}"?`
}
