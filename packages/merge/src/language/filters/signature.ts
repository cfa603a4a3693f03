/** The arguments of a filter or a test. */
export interface Signature {
  /** Names in their order. */
  readonly parameters: readonly string[]
  /** How many of them must be given. */
  readonly required: number
  /** Where it is so, any number of arguments without names may be given, and `parameters` only by their names. */
  readonly isOpen?: boolean
}

/** Arguments in their places: one slot for each parameter, `undefined` where it is not given. */
export interface Bound<T> {
  readonly slots: readonly (T | undefined)[]
  /** What was given without names where any number may be. */
  readonly rest: readonly T[]
}

/** Puts arguments into their places, or tells in a sentence why they do not fit. */
export function bind<T>(
  what: string,
  { parameters, required, isOpen = false }: Signature,
  positional: readonly T[],
  named: ReadonlyMap<string, T>,
): Bound<T> | string {
  const slots: (T | undefined)[] = parameters.map((_, at) => (isOpen ? undefined : positional[at]))
  if (!isOpen && positional.length > parameters.length) return `${what} takes ${countOf(parameters.length)}`
  for (const [name, value] of named) {
    const at = parameters.indexOf(name)
    if (at === -1) return `${what} has no argument \`${name}\``
    if (slots[at] !== undefined) return `${what} has its argument \`${name}\` twice`
    slots[at] = value
  }
  const missing = parameters.slice(0, required).find((_, at) => slots[at] === undefined)
  if (missing !== undefined) return `${what} needs its argument \`${missing}\``
  return { slots, rest: isOpen ? positional : [] }
}

const countOf = (count: number): string =>
  count === 0 ? 'no arguments' : count === 1 ? 'one argument' : `at most ${count} arguments`
