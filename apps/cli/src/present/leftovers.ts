import type { Leftovers } from '@stage0/types'
import { visible } from '../terminal/visible.ts'
import { counted, grouped } from './amounts.ts'

/** "5 documents do not match" */
export const leftoversText = (count: number): string =>
  `${counted(count, 'document')} ${count === 1 ? 'does' : 'do'} not match`

/** The samples of leftovers, a line each: which document, and the first rule that it breaks. */
export function leftoverLines({ count, samples }: Leftovers): string[] {
  const lines = samples.map(({ id, why }) => `_id ${visible(id)}${why === undefined ? '' : `: ${visible(why)}`}`)
  const rest = count - samples.length
  return rest > 0 && samples.length > 0 ? [...lines, `and ${grouped(rest)} more`] : lines
}
