import type { Problem, SchemaNode } from '@stage0/types'
import type { ExpandedNode } from './expand.ts'

/** The nodes with what was found about them and how they changed. */
export function withFindings(
  nodes: readonly ExpandedNode[],
  problems: readonly Problem[],
  changes: readonly (SchemaNode['change'] | undefined)[] | undefined,
): SchemaNode[] {
  const found = problemsOfNodes(nodes, problems)
  return nodes.map(({ node }, i) => {
    const change = changes?.[i]
    const problem = node.problem ?? found[i]?.text
    return { ...node, ...(change !== undefined && { change }), ...(problem !== undefined && { problem }) }
  })
}

/**
 * The first error, or else the first warning, about each node by its position: one belongs to the innermost property around
 * its place. What a type has wrong is said at every place where the type is shown.
 */
function problemsOfNodes(
  nodes: readonly ExpandedNode[],
  problems: readonly Problem[],
): readonly (Problem | undefined)[] {
  const keys = nodes.map(({ node }) => keyOf(node.source?.file, node.source?.pointer))
  const known = new Set(keys)
  const first = new Map<string, Problem>()
  for (const severity of ['error', 'warning'] as const) {
    for (const problem of problems) {
      if (problem.severity !== severity || problem.file === undefined) continue
      const key = nearest(problem.file, problem.pointer ?? '', known)
      if (key !== undefined && !first.has(key)) first.set(key, problem)
    }
  }
  return keys.map((key) => first.get(key))
}

const keyOf = (file = '', pointer = ''): string => `${file}\n${pointer}`

function nearest(file: string, pointer: string, known: ReadonlySet<string>): string | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const key = keyOf(file, at)
    if (known.has(key)) return key
    if (at === '') return undefined
  }
}
