import { kindOf, Undefined, type Held } from '../held.ts'
import { itemOf } from '../operations/access.ts'
import { failed } from '../refused.ts'

/** The steps of an argument `attribute`: `'a.b'` asks for `b` of `a`, digits for a position. */
export function pathOf(attribute: Held): readonly Held[] {
  if (typeof attribute === 'string')
    return attribute.split('.').map((part) => (/^\d+$/.test(part) ? BigInt(part) : part))
  if (typeof attribute === 'bigint') return [attribute]
  throw failed(`An attribute is named by a text, and there is ${kindOf(attribute)}`)
}

/**
 * What a member has there.
 *
 * @param otherwise In place of what is not there, at each step.
 */
export function valueAt(member: Held, path: readonly Held[], otherwise?: Held): Held {
  let found = member
  for (const step of path) {
    found = itemOf(found, step)
    if (otherwise !== undefined && found instanceof Undefined) found = otherwise
  }
  return found
}
