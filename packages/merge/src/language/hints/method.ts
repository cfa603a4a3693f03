import { Mapping } from '../../value.ts'
import { isMoment, type Held } from '../held.ts'
import { insteadOf } from './instead.ts'

const NO_METHODS = 'Values have no methods here; what changes them are filters, as in `value | upper`.'

/** What to do instead of a method without brackets, `{{ map.items }}`. */
export function hintOfMethod(held: Held, name: string): string {
  if (isMoment(held)) return 'A day has `.year`, `.month` and `.day`; `{{ day }}` prints all of it.'
  const instead = insteadOf(name) ?? NO_METHODS
  return held instanceof Mapping && held.has(name)
    ? `Write \`['${name}']\` for the key of that name. ${instead}`
    : instead
}

/**
 * What to do instead of a call.
 *
 * @param name Of what is called, where it has one.
 */
export function hintOfCall(name: string | undefined, isFilter: (name: string) => boolean): string {
  if (name === undefined) return NO_METHODS
  return insteadOf(name) ?? (isFilter(name) ? `Write it as a filter: \`| ${name}\`.` : NO_METHODS)
}
