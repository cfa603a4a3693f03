import { isDoc, isNumeric, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import type { Projection } from '../contract.ts'
import type { Scope } from '../expression/types.ts'
import { isTrue } from '../values.ts'
import { applyExclusion, applyInclusion } from './apply.ts'
import { addLeaf, newBranch, type Branch, type Leaf } from './tree.ts'

/** Reads what only one kind of projection knows; `undefined` where the value is read as everywhere. */
export type ParseSpecial = (path: string, value: Value) => Entry | undefined

export interface Entry {
  readonly path: string
  readonly leaf: Leaf
  /** Decides neither for inclusion nor for exclusion: `$slice` of find. */
  readonly neutral: boolean
}

/** Compiles `$project` (no special forms) and the projection of find (`parseSpecial`). */
export function compileFieldProjection(spec: Doc, scope: Scope, parseSpecial?: ParseSpecial): Projection {
  const entries = entriesOf(spec, '', scope, parseSpecial)
  const inclusive = isInclusion(entries)
  const root = newBranch()
  for (const { path, leaf, neutral } of entries) {
    if (path !== '_id' && !neutral) checkMode(path, leaf, inclusive)
    if (path === '_id' && leaf.kind === (inclusive ? 'exclude' : 'include')) continue
    addLeaf(root, path, leaf)
  }
  if (!inclusive) return (document) => applyExclusion(document, root, document)
  const idNamed = entries.some(({ path }) => path === '_id' || path.startsWith('_id.'))
  if (!idNamed) addLeaf(root, '_id', { kind: 'include' })
  return (document) => applyInclusion(document, root, document)
}

function entriesOf(spec: Doc, prefix: string, scope: Scope, parseSpecial: ParseSpecial | undefined): Entry[] {
  return spec.keys.flatMap((key, i): Entry[] => {
    const value = spec.values[i] as Value
    const path = prefix + key
    const special = parseSpecial?.(path, value)
    if (special !== undefined) return [special]
    if (typeof value === 'boolean' || isNumeric(value)) {
      return [{ path, leaf: { kind: isTrue(value) ? 'include' : 'exclude' }, neutral: false }]
    }
    if (isDoc(value) && !(value.keys[0] ?? '').startsWith('$')) {
      if (value.size === 0) {
        throw new ServerError(51270, `An empty sub-projection is not a valid value. Found empty object at path ${path}`)
      }
      return entriesOf(value, `${path}.`, scope, parseSpecial)
    }
    return [{ path, leaf: { kind: 'compute', evaluate: scope.compile(value, scope).evaluate }, neutral: false }]
  })
}

/** The first field other than `_id` decides; with `_id` alone it decides itself. */
function isInclusion(entries: readonly Entry[]): boolean {
  const deciding = entries.filter(({ neutral }) => !neutral)
  const first =
    deciding.find(({ path }) => path !== '_id') ?? (entries.some(({ neutral }) => neutral) ? undefined : deciding[0])
  return first !== undefined && first.leaf.kind !== 'exclude'
}

function checkMode(path: string, leaf: Leaf, inclusive: boolean): void {
  if (inclusive && leaf.kind === 'exclude') {
    throw new ServerError(31254, `Cannot do exclusion on field ${path} in inclusion projection`)
  }
  if (inclusive || leaf.kind === 'exclude') return
  if (leaf.kind === 'compute') throw new ServerError(31252, 'Cannot use an expression in an exclusion projection')
  throw new ServerError(31253, `Cannot do inclusion on field ${path} in exclusion projection`)
}

/** The tree of `$addFields`: every value is an expression, and a document without operators names nested fields. */
export function compileComputedFields(spec: Doc, scope: Scope): Branch {
  const root = newBranch()
  const add = (fields: Doc, prefix: string): void => {
    fields.keys.forEach((key, i) => {
      const value = fields.values[i] as Value
      const path = prefix + key
      if (isDoc(value) && value.size > 0 && !(value.keys[0] as string).startsWith('$')) add(value, `${path}.`)
      else addLeaf(root, path, { kind: 'compute', evaluate: scope.compile(value, scope).evaluate })
    })
  }
  add(spec, '')
  return root
}
