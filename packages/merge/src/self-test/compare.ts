import type { ProductEntry } from '../process/product.ts'
import { PROVENANCE_FILE } from '../process/names.ts'
import { byCodePoint, decode } from '../process/tree.ts'
import { unifiedDiff } from './line-difference.ts'

/** A file that is not as it is expected to be. */
export interface Difference {
  readonly path: string
  readonly kind: 'different' | 'missing' | 'additional'
  readonly expected: ProductEntry | undefined
  readonly made: ProductEntry | undefined
}

/** What builds make, and what systems leave, is no part of a template. */
const IGNORED = new Set(['.git', 'node_modules', 'dist', '.DS_Store', 'Thumbs.db'])

type Tree = ReadonlyMap<string, ProductEntry>

/** Compares file by file, sorted by path. The provenance of a product tells how it was made, and is not expected. */
export function compareTrees(expected: Tree, made: Tree): readonly Difference[] {
  const paths = new Set([...expected.keys(), ...made.keys()])
  return [...paths]
    .filter((path) => path !== PROVENANCE_FILE && !path.split('/').some((name) => IGNORED.has(name)))
    .sort(byCodePoint)
    .flatMap((path): readonly Difference[] => {
      const [left, right] = [expected.get(path), made.get(path)]
      if (left !== undefined && right !== undefined && isEqual(left, right)) return []
      const kind = left === undefined ? 'additional' : right === undefined ? 'missing' : 'different'
      return [{ path, kind, expected: left, made: right }]
    })
}

function isEqual(left: ProductEntry, right: ProductEntry): boolean {
  if (left.kind === 'link' || right.kind === 'link')
    return left.kind === 'link' && right.kind === 'link' && left.target === right.target
  return left.isExecutable === right.isExecutable && Buffer.compare(left.bytes, right.bytes) === 0
}

/** How the expected file becomes the one that is made, as `diff -u` has it. */
export function diffOf({ path, expected, made }: Difference): string {
  const [left, right] = [textOf(expected), textOf(made)]
  const head = `--- ${expected === undefined ? 'nothing' : `expected/${path}`}\n+++ ${made === undefined ? 'nothing' : `made/${path}`}\n`
  if (left === undefined || right === undefined) return `${head}The files are no text, and differ.\n`
  return `${head}${modeLine(expected, made)}${unifiedDiff(left, right)}`
}

function modeLine(expected: ProductEntry | undefined, made: ProductEntry | undefined): string {
  if (expected?.kind !== 'file' || made?.kind !== 'file' || expected.isExecutable === made.isExecutable) return ''
  return made.isExecutable
    ? 'It can be executed, and is not expected to.\n'
    : 'It cannot be executed, and is expected to.\n'
}

function textOf(entry: ProductEntry | undefined): string | undefined {
  if (entry === undefined) return ''
  return entry.kind === 'link' ? `a symbolic link to ${entry.target}\n` : decode(entry.bytes)
}
