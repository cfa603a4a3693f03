import { Stream, kindOf, type Held } from '../held.ts'
import { isTrue, membersOf } from '../operations/members.ts'
import { failed } from '../refused.ts'
import type { Filter, Tools } from './filter.ts'
import { pathOf, valueAt } from './member-path.ts'
import { bind, type Bound } from './signature.ts'

/** Filters that choose members, or change each. They look at a member when it is asked for. */
export const selectFilters: readonly (readonly [string, Filter])[] = [
  ['select', selection({ isByAttribute: false, isKept: true })],
  ['reject', selection({ isByAttribute: false, isKept: false })],
  ['selectattr', selection({ isByAttribute: true, isKept: true })],
  ['rejectattr', selection({ isByAttribute: true, isKept: false })],
  [
    'map',
    {
      signature: { parameters: ['attribute', 'default'], required: 0, isOpen: true },
      names: { what: 'filter', position: 0 },
      run: mapped,
    },
  ],
]

interface Choice {
  readonly isByAttribute: boolean
  /** Whether the members are kept for which the test holds, or the others. */
  readonly isKept: boolean
}

function selection({ isByAttribute, isKept }: Choice): Filter {
  const position = isByAttribute ? 1 : 0
  return {
    signature: { parameters: [], required: 0, isOpen: true },
    names: { what: 'test', position },
    run: (input, { rest }, tools) => new Stream(chosen(input, rest, tools)),
  }

  function* chosen(input: Held, rest: readonly Held[], tools: Tools): Generator<Held> {
    if (!isTrue(input)) return
    const [attribute] = rest
    if (isByAttribute && attribute === undefined)
      throw failed('The name of an attribute is missing', "Write `selectattr('name')`.")
    const path = isByAttribute && attribute !== undefined ? pathOf(attribute) : []
    const holds = testOf(rest.slice(position), tools)
    for (const member of membersOf(input)) {
      tools.step()
      if (holds(valueAt(member, path)) === isKept) yield member
    }
  }
}

/** The test that the arguments name, with its own argument behind the name; without a name it asks whether the value is true. */
function testOf([name, ...given]: readonly Held[], tools: Tools): (held: Held) => boolean {
  if (name === undefined) return isTrue
  if (typeof name !== 'string') throw failed(`A test is named by a text, and there is ${kindOf(name)}`)
  const test = tools.test(name)
  if (test === undefined) throw tools.unknown('test', name)
  const { slots } = fitting(bind(`The test \`${name}\``, test.signature, given, new Map()))
  return (held) => test.holds(held, slots[0])
}

function mapped(input: Held, { slots, rest }: Bound<Held>, tools: Tools): Held {
  return new Stream(changed())

  function* changed(): Generator<Held> {
    if (!isTrue(input)) return
    const change = changeOf(slots, rest, tools)
    for (const member of membersOf(input)) {
      tools.step()
      yield change(member)
    }
  }
}

function changeOf(slots: readonly (Held | undefined)[], rest: readonly Held[], tools: Tools): (held: Held) => Held {
  const [attribute, otherwise] = slots
  const [name, ...given] = rest
  if (name === undefined) {
    if (attribute === undefined) throw failed('`map` needs the name of a filter, or `attribute=`')
    const path = pathOf(attribute)
    return (held) => valueAt(held, path, otherwise ?? undefined)
  }
  if (typeof name !== 'string') throw failed(`A filter is named by a text, and there is ${kindOf(name)}`)
  const found = tools.filter(name)
  if (found === undefined) throw tools.unknown('filter', name)
  const named = new Map<string, Held>()
  if (attribute !== undefined) named.set('attribute', attribute)
  if (otherwise !== undefined) named.set('default', otherwise)
  const bound = fitting(bind(`The filter \`${name}\``, found.signature, given, named))
  return (held) => found.run(held, bound, tools)
}

function fitting(bound: Bound<Held> | string): Bound<Held> {
  if (typeof bound === 'string') throw failed(bound)
  return bound
}
