import type { Doc, Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import type { Evaluate } from '../expression/types.ts'
import { fieldPath } from '../paths.ts'

/** What a projection does with one field. */
export type Leaf =
  | { readonly kind: 'include' }
  | { readonly kind: 'exclude' }
  | { readonly kind: 'compute'; readonly evaluate: Evaluate }
  /** `$slice`, `$elemMatch` and `$` of find: changes the field's own value; `undefined` leaves it out. */
  | { readonly kind: 'transform'; readonly apply: (value: Value, document: Doc) => Value | undefined }

export interface Branch {
  readonly kind: 'nested'
  readonly fields: Map<string, Node>
  /** Whether a computed field lies below, so that values which are no documents must be replaced by one. */
  computes: boolean
}

export type Node = Leaf | Branch

export const newBranch = (): Branch => ({ kind: 'nested', fields: new Map(), computes: false })

/** Puts a leaf at a dotted path; two specifications of one path, or of a path and a part of it, collide. */
export function addLeaf(root: Branch, path: string, leaf: Leaf): void {
  const parts = fieldPath(path)
  let branch = root
  const last = parts.length - 1
  for (let i = 0; i < last; i++) {
    if (leaf.kind === 'compute') branch.computes = true
    const part = parts[i] as string
    const child = branch.fields.get(part) ?? newBranch()
    if (child.kind !== 'nested') {
      throw new ServerError(31249, `Path collision at ${path} remaining portion ${parts.slice(i + 1).join('.')}`)
    }
    branch.fields.set(part, child)
    branch = child
  }
  if (leaf.kind === 'compute') branch.computes = true
  const name = parts[last] as string
  if (branch.fields.has(name)) throw new ServerError(31250, `Path collision at ${path}`)
  branch.fields.set(name, leaf)
}
