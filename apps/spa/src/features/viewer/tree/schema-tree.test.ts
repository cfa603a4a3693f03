import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyNodes, nodesOf, SAMPLE } from '../testing/nodes.ts'
import { expandedAround, expandedToLevel, firstLevel, levels, openDepth, OPEN_ROWS } from './expansion.ts'
import { filterNodes } from './filter-nodes.ts'
import { ancestorsOf, childrenOf, hasChildren, schemaTree, type SchemaTree } from './schema-tree.ts'

const paths = (tree: ReturnType<typeof schemaTree>, rows: readonly number[]): string[] =>
  rows.map((at) => tree.nodes[at]!.path)

describe('the tree of a schema', () => {
  const tree = schemaTree(SAMPLE)

  it('knows children and ancestors', () => {
    expect(paths(tree, [...childrenOf(tree, 0)])).toEqual(['/_id', '/address', '/tags', '/status'])
    const label = tree.positions.get('/tags/[]/<2>/label')!
    expect(paths(tree, ancestorsOf(tree, label))).toEqual(['', '/tags', '/tags/[]', '/tags/[]/<2>'])
  })

  it('gives two properties of one name keys of their own', () => {
    const twice = schemaTree(nodesOf({ inside: [{ name: 'a' }, { name: 'a' }] }))
    expect(new Set(twice.keys).size).toBe(3)
    expect(twice.positions.get('/a')).toBe(1)
  })

  it('agrees with the number of children that each node states', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const any = schemaTree(nodes)
        nodes.forEach((node, at) => expect([...childrenOf(any, at)]).toHaveLength(node.children))
        expect(new Set(any.keys).size).toBe(nodes.length)
      }),
    )
  })
})

/** Positions of the nodes that can be seen: everything above them is open. */
const visible = (tree: SchemaTree, open: ReadonlySet<string>): number[] =>
  tree.nodes.flatMap((_, at) => (ancestorsOf(tree, at).every((above) => open.has(tree.keys[above]!)) ? [at] : []))

describe('what is open', () => {
  it('down to a level shows exactly the nodes above it, and the first level is one that fits', () => {
    fc.assert(
      fc.property(anyNodes, fc.nat(6), (nodes, level) => {
        const tree = schemaTree(nodes)
        const shown = visible(tree, expandedToLevel(tree, level))
        expect(shown).toEqual(nodes.flatMap(({ depth }, at) => (depth <= level ? [at] : [])))
        expect(visible(tree, expandedToLevel(tree, levels(tree)))).toHaveLength(nodes.length)
        const first = firstLevel(tree)
        const depths = shown.map((at) => tree.nodes[at]!.depth)
        expect(openDepth(tree, expandedToLevel(tree, level))).toBe(Math.max(...depths))
        expect(first === 1 || visible(tree, expandedToLevel(tree, first)).length <= OPEN_ROWS).toBe(true)
      }),
    )
  })

  it('around a node shows it, and what was open stays open', () => {
    fc.assert(
      fc.property(anyNodes, fc.nat(), (nodes, seed) => {
        const tree = schemaTree(nodes)
        const at = seed % nodes.length
        const before = expandedToLevel(tree, 1)
        const open = expandedAround(tree, before, at)
        expect(visible(tree, open)).toContain(at)
        expect([...before].every((key) => open.has(key))).toBe(true)
        expect(expandedAround(tree, open, at)).toBe(open)
      }),
    )
  })

  it('of a wide schema open the root only', () => {
    const wide = schemaTree(
      nodesOf({ inside: Array.from({ length: 500 }, (_, i) => ({ name: `p${i}`, inside: [{ name: 'x' }] })) }),
    )
    expect(firstLevel(wide)).toBe(1)
    expect(levels(wide)).toBe(2)
  })
})

describe('the filter', () => {
  const tree = schemaTree(SAMPLE)

  it.each([
    { query: 'city', found: ['/address/city'] },
    { query: 'ADDRESS simple', found: ['/address/city'] },
    { query: 'may sign', found: ['/status'] },
    { query: 'identifier', found: ['/_id'] },
    { query: '40 characters', found: ['/address/city'] },
    { query: '.*', found: [] },
  ])('finds $found for "$query"', ({ query, found }) => {
    expect(paths(tree, filterNodes(tree, query)!)).toEqual(found)
  })

  it('is off for an empty query', () => {
    expect(filterNodes(tree, ' \t')).toBeUndefined()
  })

  it('finds in the order of the tree, and exactly the nodes in which every word is', () => {
    fc.assert(
      fc.property(anyNodes, fc.constantFrom('first', 'one second', 'FIRST', 'nothing'), (nodes, query) => {
        const words = query.toLowerCase().split(' ')
        const expected = nodes.flatMap(({ description }, at) =>
          words.every((word) => description.includes(word)) ? [at] : [],
        )
        expect(filterNodes(schemaTree(nodes), query)).toEqual(expected)
      }),
    )
  })

  it('says which rows can be opened', () => {
    expect(hasChildren(tree, tree.positions.get('/address')!)).toBe(true)
    expect(hasChildren(tree, tree.positions.get('/_id')!)).toBe(false)
  })
})
