import type { Unit, Units, Use } from './units.ts'

export interface UnitOrder {
  /** Every unit after all that it uses: rendering in this order needs no recursion from file to file. */
  readonly order: readonly Unit[]
  /** Uses that close a circle, with the chain from the file that is met again to itself. */
  readonly cycles: readonly { readonly use: Use; readonly chain: readonly Unit[] }[]
  /** The uses from which on a chain of files is longer than the limit. */
  readonly tooDeep: readonly Use[]
  /** Uses that cannot be rendered in place: they close a circle or are too deep. */
  readonly cut: ReadonlySet<Use>
}

interface Frame {
  readonly unit: Unit
  next: number
}

/**
 * Sorts units so that dependencies come first, and finds circles and chains longer than `maxDepth` files.
 * Without recursion: a chain of any length, made on purpose or not, is a finding and no stack overflow.
 */
export function orderUnits(units: Units, maxDepth: number): UnitOrder {
  const order: Unit[] = []
  const cycles: { use: Use; chain: Unit[] }[] = []
  const tooDeep: Use[] = []
  const cut = new Set<Use>()
  const height = new Map<Unit, number>()
  const open = new Set<Unit>()

  const close = (unit: Unit): void => {
    let highest = 0
    for (const [i, found] of units.targets(unit).entries()) {
      const use = unit.uses[i] as Use
      const target = cut.has(use) ? undefined : found
      const below = target === undefined ? 0 : (height.get(target) ?? 0)
      if (below >= maxDepth) {
        tooDeep.push(use)
        cut.add(use)
      } else highest = Math.max(highest, below)
    }
    height.set(unit, highest + 1)
    order.push(unit)
  }

  for (const start of units.all) {
    if (height.has(start)) continue
    const stack: Frame[] = [{ unit: start, next: 0 }]
    open.add(start)
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const target = units.targets(frame.unit)[frame.next]
      const use = frame.unit.uses[frame.next++]
      if (use === undefined) {
        stack.pop()
        open.delete(frame.unit)
        close(frame.unit)
        continue
      }
      if (target === undefined || height.has(target)) continue
      if (open.has(target)) {
        const from = stack.findIndex((each) => each.unit === target)
        cycles.push({ use, chain: [...stack.slice(from).map((each) => each.unit), target] })
        cut.add(use)
        continue
      }
      open.add(target)
      stack.push({ unit: target, next: 0 })
    }
  }
  return { order, cycles, tooDeep, cut }
}
