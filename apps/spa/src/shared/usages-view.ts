import type { Usage } from '@stage0/types'
import { paths, placePath } from './paths.ts'
import { sentence } from './marks.ts'

/** One use of a file or an enumerator, with a way to the place. */
export interface UsageLine {
  readonly id: string
  readonly how: string
  /** Where: "user 1.1.0.2" or the file. */
  readonly where: string
  readonly text: string
  readonly path: string | undefined
}

/** The version of a collection where the service names one, else the place in the file. */
export function usageLine(usage: Usage, index: number): UsageLine {
  const { collection, version, place, how, text } = usage
  const inVersion = collection !== undefined && version !== undefined
  return {
    id: `${String(index)} ${place.file}${place.pointer ?? ''}`,
    how: sentence(how),
    where: inVersion ? `${collection} ${version}` : place.file,
    // The link names the version already.
    text: inVersion && text === `version ${version}` ? '' : text,
    path: inVersion ? paths.version(collection, version) : placePath(place),
  }
}
