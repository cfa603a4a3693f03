export interface Components {
  /** The component of each node; `undefined` for nodes that were not reached. */
  readonly of: readonly (number | undefined)[]
  /** How many nodes each component has. */
  readonly sizes: ReadonlyMap<number, number>
}

interface Frame {
  readonly node: number
  readonly steps: Iterator<number>
}

/**
 * The strongly connected components of a graph of numbered nodes: two nodes are in one where each leads to the other.
 * Tarjan's algorithm without recursion.
 *
 * @param starts Nodes to begin at; all where absent.
 * @param limit Steps that are taken at most; what is not finished then has no component.
 */
export function components(
  count: number,
  stepsOf: (node: number) => Iterable<number>,
  starts: Iterable<number> = Array.from({ length: count }, (_, i) => i),
  limit = Infinity,
): Components {
  const of: (number | undefined)[] = []
  const sizes = new Map<number, number>()
  const order = new Map<number, number>()
  const lowest = new Map<number, number>()
  const open: number[] = []
  let left = limit
  for (const start of starts) {
    if (order.has(start)) continue
    const stack: Frame[] = []
    const enter = (node: number): void => {
      lowest.set(node, order.size)
      order.set(node, order.size)
      open.push(node)
      stack.push({ node, steps: stepsOf(node)[Symbol.iterator]() })
    }
    const lower = (node: number, to: number): void => {
      lowest.set(node, Math.min(lowest.get(node) as number, to))
    }
    enter(start)
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      if (left-- <= 0) return { of, sizes }
      const step = frame.steps.next()
      if (step.done !== true) {
        if (!order.has(step.value)) enter(step.value)
        else if (of[step.value] === undefined) lower(frame.node, order.get(step.value) as number)
        continue
      }
      stack.pop()
      const above = stack.at(-1)
      const low = lowest.get(frame.node) as number
      if (above !== undefined) lower(above.node, low)
      if (low !== order.get(frame.node)) continue
      // The first node of its component is done, and so is the component.
      const members = open.splice(open.lastIndexOf(frame.node))
      for (const member of members) of[member] = frame.node
      sizes.set(frame.node, members.length)
    }
  }
  return { of, sizes }
}
