import { LIMITS } from '../limits.ts'
import { tooDeep } from './tokens.ts'
import type { Expression } from './tree.ts'

/** What all expressions have. A chain of operators is as deep as it is long, so the depth is counted here and not in the parser. */
export function node(at: number, ...children: readonly Expression[]): { readonly at: number; readonly depth: number } {
  let depth = 1
  for (const child of children) depth = Math.max(depth, child.depth + 1)
  if (depth > LIMITS.expressionDepth) throw tooDeep(at)
  return { at, depth }
}
