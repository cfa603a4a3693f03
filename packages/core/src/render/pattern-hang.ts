import { components } from './components.ts'
import { overlaps, readPattern, type CharSet, type PatternPart } from './pattern-parts.ts'

/** Positions in a pattern that are looked at: beyond that it is not judged. */
const MAX_POSITIONS = 400
/** Pairs of positions that are looked at, a bound on time. */
const MAX_PAIRS = 200_000
/** Repetitions up to here are written out; more of them behave as if there were no end. */
const WRITTEN_OUT = 4
/** A fixed count of something that has one length is written out up to here. */
const FIXED_WRITTEN_OUT = 64

/**
 * Whether matching a pattern may take exponential time: some text can be read by a repetition in many ways, and each way
 * is tried when what follows does not match.
 *
 * Found by looking for a position of the pattern that leads back to itself over one text in two ways. Not found: time
 * that only grows as a power of the length, and whatever patterns hold beyond the common language (back references,
 * character properties, atomic groups, options); those are not judged.
 */
export function mayHang(pattern: string): boolean {
  const part = readPattern(pattern)
  if (part === undefined) return false
  const positions = new Positions()
  const whole = positions.add(part)
  if (whole === undefined || positions.isTooMuch) return false
  return hasTwoWays(positions, whole)
}

/** What can come first and last in a part, as positions, and whether it can match nothing. */
interface Ends {
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly isNullable: boolean
}

const NOTHING: Ends = { first: [], last: [], isNullable: true }

/** The characters of a pattern and which can follow which. */
class Positions {
  readonly sets: CharSet[] = []
  readonly follow: Set<number>[] = []
  /** Positions with a step that can be taken in two ways. */
  readonly doubled = new Set<number>()
  hasChecksBehind = false
  isTooMuch = false

  add(part: PatternPart): Ends {
    if (this.sets.length > MAX_POSITIONS) this.isTooMuch = true
    if (this.isTooMuch) return NOTHING
    switch (part.kind) {
      case 'set': {
        const at = this.sets.push(part.set) - 1
        this.follow.push(new Set())
        return { first: [at], last: [at], isNullable: false }
      }
      case 'assert':
        if (!part.atStart) this.hasChecksBehind = true
        return NOTHING
      case 'any': {
        const ends = part.parts.map((one) => this.add(one))
        return {
          first: ends.flatMap((one) => one.first),
          last: ends.flatMap((one) => one.last),
          isNullable: ends.some((one) => one.isNullable),
        }
      }
      case 'all':
        return part.parts
          .map((one) => () => this.add(one))
          .reduce<Ends>((before, next) => this.#behind(before, next()), NOTHING)
      case 'repeat':
        return this.#repeat(part)
    }
  }

  #behind(before: Ends, after: Ends): Ends {
    this.#join(before.last, after.first)
    return {
      first: before.isNullable ? [...before.first, ...after.first] : before.first,
      last: after.isNullable ? [...before.last, ...after.last] : after.last,
      isNullable: before.isNullable && after.isNullable,
    }
  }

  #repeat({ part, min, max }: PatternPart & { readonly kind: 'repeat' }): Ends {
    if (max === 0) return NOTHING
    const isWrittenOut = max <= WRITTEN_OUT || (min === max && max <= FIXED_WRITTEN_OUT && lengthOf(part) !== undefined)
    let ends = NOTHING
    if (isWrittenOut) {
      for (let i = 0; i < max; i++) {
        const one = this.add(part)
        ends = this.#behind(ends, i < min ? one : { ...one, isNullable: true })
      }
      return ends
    }
    const one = this.add(part)
    this.#join(one.last, one.first)
    return { ...one, isNullable: one.isNullable || min === 0 }
  }

  #join(from: readonly number[], to: readonly number[]): void {
    for (const at of from) {
      const follow = this.follow[at] as Set<number>
      for (const next of to) {
        if (follow.has(next)) this.doubled.add(at)
        follow.add(next)
      }
    }
  }
}

/** How many characters a part takes, where that is always the same. */
function lengthOf(part: PatternPart): number | undefined {
  switch (part.kind) {
    case 'set':
      return 1
    case 'assert':
      return 0
    case 'all':
      return part.parts.reduce<number | undefined>((sum, one) => plus(sum, lengthOf(one)), 0)
    case 'any': {
      const [first, ...others] = part.parts.map(lengthOf)
      return others.every((one) => one === first) ? first : undefined
    }
    case 'repeat': {
      const length = part.min === part.max ? lengthOf(part.part) : undefined
      return length === undefined ? undefined : length * part.min
    }
  }
}

const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b

function hasTwoWays({ sets, follow, doubled, hasChecksBehind }: Positions, { last }: Ends): boolean {
  const loops = components(sets.length, (at) => follow[at] as Set<number>)
  const ending = new Set(last.map((at) => loops.of[at]))
  // Where the pattern may end inside the loop, and nothing is checked behind it, the first way is good enough.
  const canFail = (at: number): boolean => hasChecksBehind || !ending.has(loops.of[at])
  const isLoop = (at: number): boolean =>
    (loops.sizes.get(loops.of[at] as number) as number) > 1 || (follow[at] as Set<number>).has(at)
  if ([...doubled].some((at) => isLoop(at) && canFail(at))) return true
  const count = sets.length
  const starts = sets.flatMap((_, at) => (isLoop(at) && canFail(at) ? [at * count + at] : []))
  const steps = function* (pair: number): Iterable<number> {
    const [a, b] = [Math.floor(pair / count), pair % count]
    for (const x of follow[a] as Set<number>) {
      if (loops.of[x] !== loops.of[a]) continue
      for (const y of follow[b] as Set<number>) {
        if (loops.of[y] !== loops.of[a] || !overlaps(sets[x] as CharSet, sets[y] as CharSet)) continue
        yield Math.min(x, y) * count + Math.max(x, y)
      }
    }
  }
  const pairs = components(count * count, steps, starts, MAX_PAIRS)
  const inComponent = new Map<number, { same: boolean; other: boolean }>()
  for (const [pair, component] of pairs.of.entries()) {
    if (component === undefined) continue
    const found = inComponent.get(component) ?? { same: false, other: false }
    if (Math.floor(pair / count) === pair % count) found.same = true
    else found.other = true
    inComponent.set(component, found)
  }
  return [...inComponent.values()].some(({ same, other }) => same && other)
}
