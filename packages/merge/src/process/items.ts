import { fail, ok, type Result } from '../problem.ts'
import { Mapping, type Value } from '../value.ts'
import type { Context } from './context.ts'
import type { Mode } from './control/control.ts'
import { lookup, type Names } from './lookup.ts'
import { kindOf } from './words.ts'

type Expand = Extract<Mode, { kind: 'mergeFor' | 'mergeFrom' }>

/** One of the items that a file is expanded for. */
export interface Item {
  /** What its body sees. */
  readonly body: Names
  /** What the name of its output sees: nothing but the item. */
  readonly output: Names
  /** The item in words: `item 2, "Note"`. */
  readonly label: string
}

/** Items of entries. Many entries are expanded for the same list: what its items see is made once. */
export class Items {
  readonly #context: Context
  readonly #known = new Map<string, readonly Item[]>()

  constructor(context: Context) {
    this.#context = context
  }

  /**
   * The items of an entry: those of a list, or the pairs of a mapping as `name` and `content`.
   *
   * @returns `MERGE_ITEMS_INVALID` where the path leads nowhere, or not to what the mode needs.
   */
  of(mode: Expand): Result<readonly Item[]> {
    const name = `${mode.kind} ${mode.items.text}`
    const known = this.#known.get(name)
    if (known !== undefined) return ok(known)
    const items = itemsOf(mode, this.#context)
    if (items.ok) this.#known.set(name, items.value)
    return items
  }
}

function itemsOf(mode: Expand, { names }: Context): Result<readonly Item[]> {
  const invalid = (why: string): Result<never> =>
    fail({
      code: 'MERGE_ITEMS_INVALID',
      message: `The items "${mode.items.text}" of ${mode.kind}: ${why}.`,
      at: mode.items.at,
    })
  const found = lookup(names, mode.items.text)
  if (!found.ok) return invalid(found.missed.message)
  const { value } = found
  if (value instanceof Mapping) {
    const pairs = [...value.entries()].map(([name, content]) => Mapping.of([['name', name], ['content', content]])) // prettier-ignore
    return ok(pairs.map((pair, at) => itemFrom(pair, at, names, mode.kind === 'mergeFor')))
  }
  if (mode.kind === 'mergeFrom') return invalid(`mergeFrom needs a mapping, and it is ${kindOf(value)}`)
  if (!Array.isArray(value)) return invalid(`mergeFor needs a list or a mapping, and it is ${kindOf(value)}`)
  return ok(value.map((item: Value, at) => itemFrom(item, at, names, true)))
}

/** @param spreads Whether the keys of an item that is a mapping become names, before those of the context. */
function itemFrom(item: Value, at: number, names: Names, spreads: boolean): Item {
  const own = new Map<string, Value>()
  if (spreads && item instanceof Mapping)
    for (const [key, value] of item.entries()) if (typeof key === 'string') own.set(key, value)
  own.set('item', item)
  return { body: new Map([...names, ...own]), output: own, label: `item ${at + 1}${nameOf(item)}` }
}

function nameOf(item: Value): string {
  const name = item instanceof Mapping ? item.get('name') : item
  return typeof name === 'string' ? `, "${name}"` : ''
}

/** What a file sees that is merged once. */
export const bodyNames = ({ names }: Context): Names => names

/** What the name of its output sees: the environment as well. A key of the context stands before a name of the environment. */
export const outputNames = ({ names }: Context, environment: Names): Names => new Map([...environment, ...names])
