import { Mapping, Tuple } from '../../value.ts'
import { isKey, isList, isMoment, kindOf, Stream, Undefined, type Held } from '../held.ts'
import { hintOfMethod } from '../hints/method.ts'
import { Loop } from '../loop.ts'
import { failed, unsupported } from '../refused.ts'
import { isMemberOfFirstImplementation, momentMember } from './own-members.ts'
import { charactersOf } from './text.ts'

/**
 * `held.name`: a key of a mapping, or a part of a day or of `loop`. Undefined where there is none.
 *
 * @throws Refused where `held` is undefined itself, and where the first implementation gives a method of its own in place of
 * the key: nobody means that, so it is not passed over.
 */
export function attributeOf(held: Held, name: string): Held {
  refuseUndefined(held, name)
  const own = ownMember(held, name)
  if (own !== undefined) return own
  const found = held instanceof Mapping ? held.get(name) : undefined
  return found === undefined ? missing(held, name) : found
}

/** `held[key]`: a key of a mapping, a position in a list or a text, from the end where it is negative. Undefined where there is none. */
export function itemOf(held: Held, key: Held): Held {
  refuseUndefined(held, typeof key === 'string' ? key : undefined)
  if (held instanceof Mapping && isKey(key)) {
    const found = held.get(key)
    if (found !== undefined) return found
  }
  const found = typeof key === 'string' ? ownMember(held, key) : positionOf(held, key)
  return found === undefined ? missing(held, typeof key === 'object' ? 'this key' : String(key)) : found
}

function refuseUndefined(held: Held, name: string | undefined): void {
  if (!(held instanceof Undefined)) return
  throw failed(`${held.what} is undefined${name === undefined ? '' : ` and has no \`${name}\``}`, held.hint)
}

function positionOf(held: Held, key: Held): Held | undefined {
  if (typeof key !== 'bigint' && typeof key !== 'boolean') return undefined
  const items =
    held instanceof Tuple ? held.items : typeof held === 'string' ? charactersOf(held) : isList(held) ? held : []
  return items.at(Number(key))
}

function ownMember(held: Held, name: string): Held | undefined {
  if (held instanceof Stream)
    throw failed('Members that a filter gives one by one have no attributes', 'Make a list of them with `| list`.')
  const own = held instanceof Loop ? held.member(name) : isMoment(held) ? momentMember(held, name) : undefined
  if (own !== undefined || !isMemberOfFirstImplementation(held, name)) return own
  throw unsupported(
    undefined,
    `\`${name}\` is a method of ${kindOf(held)}, and methods are not part of the language here`,
    hintOfMethod(held, name),
  )
}

/** How many keys a message names. */
const NAMED = 12

function missing(held: Held, name: string): Undefined {
  if (!(held instanceof Mapping)) return new Undefined(`\`${name}\` of ${kindOf(held)}`)
  const keys = held.keys().filter((key) => typeof key === 'string')
  const more = keys.length > NAMED ? ' and others' : ''
  const hint = keys.length === 0 ? undefined : `There are: ${keys.slice(0, NAMED).join(', ')}${more}.`
  return new Undefined(`\`${name}\``, hint)
}
