import { doc, EMPTY_DOC, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { IndexSpec } from '../plan/wanted.ts'

/** Paths of an index as a tree: paths below one array go through it together. */
export interface KeyNode {
  /** An indexed path ends here. */
  readonly isField: boolean
  readonly children: ReadonlyMap<string, KeyNode>
}

/** What decides which documents share a key of an index. */
export interface IndexKeys {
  readonly tree: KeyNode
  /** The indexed paths in the order in which the tree gives their values. */
  readonly paths: readonly string[]
  readonly isSparse: boolean
  readonly partialFilter: Doc
  /** Empty where the index has none of its own. */
  readonly collation: Doc
}

interface Growing {
  isField: boolean
  readonly children: Map<string, Growing>
}

/**
 * The keys of an ordinary index, or `undefined` where a query cannot give them: other kinds than ascending and descending, and
 * paths that name array positions or fields beginning with `$`.
 */
export function readIndexKeys({ key, options }: IndexSpec): IndexKeys | undefined {
  const tree: Growing = { isField: false, children: new Map() }
  for (const [path, direction] of key.entries()) {
    const steps = path.split('.')
    if (typeof direction === 'string' || steps.some((step) => !isPlain(step))) return undefined
    let node = tree
    for (const step of steps) {
      const child: Growing = node.children.get(step) ?? { isField: false, children: new Map() }
      node.children.set(step, child)
      node = child
    }
    node.isField = true
  }
  return {
    tree,
    paths: pathsOf(tree, ''),
    isSparse: options.get('sparse') === true,
    partialFilter: docAt(options, 'partialFilterExpression'),
    collation: docAt(options, 'collation'),
  }
}

const isPlain = (step: string): boolean => step !== '' && !step.startsWith('$') && !/^\d+$/.test(step)

const docAt = (options: Doc, key: string): Doc => {
  const value: Value | undefined = options.get(key)
  return isDoc(value) ? value : EMPTY_DOC
}

function pathsOf(node: KeyNode, path: string): string[] {
  const below = [...node.children].flatMap(([name, child]) => pathsOf(child, path === '' ? name : `${path}.${name}`))
  return node.isField ? [path, ...below] : below
}

/** Stand in keys for an empty array, which an index tells from null, and, while they are made, for a field that is not there. */
const EMPTY_ARRAY = doc({ stage0EmptyArray: true })
const MISSING = doc({ stage0Missing: true })
const literal = (value: Value): Doc => doc({ $literal: value })

/** A value of a key as stages of `duplicateStages` give it, as it stands in a document. */
export const keyValue = (value: Value): Value =>
  isDoc(value) && value.size === 1 && value.keys[0] === EMPTY_ARRAY.keys[0] ? [] : value

/**
 * Stages that give each key of an index that several documents have, as `{_id: [values in the order of the paths], n, least, greatest}`:
 * how many documents, and the least and the greatest of their `_id`s. A missing field is null, an array has a key for each
 * element, a sparse index leaves keys out of which nothing is there. Source: manual, multikey, sparse and partial indexes.
 */
export function duplicateStages(keys: IndexKeys): readonly Doc[] {
  const all = tuplesOfFields('$$ROOT', keys.tree, 0, keys.isSparse)
  const tuples = keys.isSparse ? withoutMissing(all, keys.paths.length) : all
  // A document has each of its keys once. Most have one: they need none of the work for arrays.
  const key = {
    $cond: [
      { $or: prefixes(keys).map((path) => ({ $isArray: [`$${path}`] })) },
      { $setUnion: [tuples] },
      plainTuples(keys),
    ],
  }
  return [
    ...(keys.partialFilter.size === 0 ? [] : [doc({ $match: keys.partialFilter })]),
    doc({ $project: { key } }),
    doc({ $unwind: '$key' }),
    doc({ $group: { _id: '$key', n: { $sum: 1 }, least: { $min: '$_id' }, greatest: { $max: '$_id' } } }),
    doc({ $match: { n: { $gt: 1 } } }),
  ]
}

/** Every field on the way to a value: "a" and "a.b" for "a.b". */
const prefixes = ({ paths }: IndexKeys): string[] => [
  ...new Set(paths.flatMap((path) => path.split('.').map((_, i, steps) => steps.slice(0, i + 1).join('.')))),
]

/** The one key of a document without arrays, or none. */
function plainTuples({ paths, isSparse }: IndexKeys): Value {
  const tuple = paths.map((path) => doc({ $ifNull: [`$${path}`, null] }))
  if (!isSparse) return [tuple]
  const isMissing = paths.map((path) => ({ $eq: [{ $type: `$${path}` }, 'missing'] }))
  return doc({ $cond: [{ $and: isMissing }, [], [tuple]] })
}

/** Tuples of the values below `node`, of a document that the expression `value` gives. */
function tuplesOfFields(value: string, node: KeyNode, depth: number, isSparse: boolean): Value {
  const lists = [...node.children].map(([name, child]) => tuplesOf(`${value}.${name}`, child, depth + 1, isSparse))
  return lists.reduce((sum, list, i) => crossed(sum, list, `${depth}_${i}`))
}

/** Tuples of one field and what is below it: one, or one for each element of an array. */
function tuplesOf(field: string, node: KeyNode, depth: number, isSparse: boolean): Value {
  const [value, element] = [`v${depth}`, `e${depth}`]
  const absent: Value = isSparse ? literal(MISSING) : null
  const below = (of: string): Value => {
    const missing = [Array.from({ length: countFields(node) }, () => absent)]
    return doc({
      $cond: [
        { $eq: [{ $type: of }, 'object'] },
        tuplesOfFields(of, { ...node, isField: false }, depth, isSparse),
        missing,
      ],
    })
  }
  const join = (own: Value, of: string): Value => {
    if (!node.isField) return below(of)
    return node.children.size === 0 ? [[own]] : crossed([[own]], below(of), `f${depth}`)
  }
  const plain = isSparse
    ? doc({ $cond: [{ $eq: [{ $type: `$$${value}` }, 'missing'] }, absent, `$$${value}`] })
    : doc({ $ifNull: [`$$${value}`, null] })
  const each = doc({
    $reduce: {
      input: { $map: { input: `$$${value}`, as: element, in: join(`$$${element}`, `$$${element}`) } },
      initialValue: [],
      in: { $concatArrays: ['$$value', '$$this'] },
    },
  })
  const empty = join(literal(EMPTY_ARRAY), '$$REMOVE')
  const ofArray = doc({ $cond: [{ $eq: [{ $size: `$$${value}` }, 0] }, empty, each] })
  return doc({
    $let: {
      vars: { [value]: field },
      in: { $cond: [{ $isArray: [`$$${value}`] }, ofArray, join(plain, `$$${value}`)] },
    },
  })
}

const countFields = (node: KeyNode): number =>
  [...node.children.values()].reduce((sum, child) => sum + (child.isField ? 1 : 0) + countFields(child), 0)

/** Each tuple of one list continued by each of the other. */
function crossed(left: Value, right: Value, name: string): Value {
  const [outer, inner] = [`l${name}`, `r${name}`]
  const continued = { $map: { input: right, as: inner, in: { $concatArrays: [`$$${outer}`, `$$${inner}`] } } }
  return doc({
    $reduce: {
      input: { $map: { input: left, as: outer, in: continued } },
      initialValue: [],
      in: { $concatArrays: ['$$value', '$$this'] },
    },
  })
}

function withoutMissing(tuples: Value, length: number): Value {
  const nothing = Array.from({ length }, () => MISSING)
  const isThere = { $ne: ['$$t', literal(nothing)] }
  const asNull = { $cond: [{ $eq: ['$$x', literal(MISSING)] }, null, '$$x'] }
  const values = { $map: { input: '$$t', as: 'x', in: asNull } }
  return doc({ $map: { input: { $filter: { input: tuples, as: 't', cond: isThere } }, as: 't', in: values } })
}
