import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyNodes, nodesOf, SAMPLE } from '../testing/nodes.ts'
import { expandedAround, expandedToLevel, firstLevel, levels, OPEN_ROWS } from './expansion.ts'
import { filterNodes } from './filter-nodes.ts'
import { ancestorsOf, childrenOf, hasChildren, schemaTree } from './schema-tree.ts'
import { visibleRows } from './visible-rows.ts'

const everything = Infinity
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

describe('the rows to show', () => {
  it('are the root alone when nothing is open, everything when all is open', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const tree = schemaTree(nodes)
        expect(visibleRows(tree, new Set())).toEqual([0])
        expect(visibleRows(tree, expandedToLevel(tree, everything))).toEqual(nodes.map((_, at) => at))
      }),
    )
  })

  it('are exactly those whose ancestors are all open', () => {
    fc.assert(
      fc.property(anyNodes, fc.infiniteStream(fc.boolean()), (nodes, coins) => {
        const tree = schemaTree(nodes)
        const open = new Set(tree.keys.filter(() => coins.next().value))
        const expected = nodes
          .map((_, at) => at)
          .filter((at) => ancestorsOf(tree, at).every((above) => open.has(tree.keys[above]!)))
        expect(visibleRows(tree, open)).toEqual(expected)
      }),
    )
  })

  it('are those above a level, and no level opens more than fits unless it is the first', () => {
    fc.assert(
      fc.property(anyNodes, fc.nat(6), (nodes, level) => {
        const tree = schemaTree(nodes)
        const rows = visibleRows(tree, expandedToLevel(tree, level))
        expect(rows).toEqual(nodes.flatMap(({ depth }, at) => (depth <= level ? [at] : [])))
        const first = firstLevel(tree)
        const opened = visibleRows(tree, expandedToLevel(tree, first)).length
        expect(first === 1 || opened <= OPEN_ROWS).toBe(true)
      }),
    )
  })

  it('hold a node as soon as everything above it is opened, and what was open stays open', () => {
    fc.assert(
      fc.property(anyNodes, fc.nat(), (nodes, seed) => {
        const tree = schemaTree(nodes)
        const at = seed % nodes.length
        const before = expandedToLevel(tree, 1)
        const open = expandedAround(tree, before, at)
        expect(visibleRows(tree, open)).toContain(at)
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
    expect(paths(tree, filterNodes(tree, query)!.hits as number[])).toEqual(found)
  })

  it('is off for an empty query', () => {
    expect(filterNodes(tree, ' \t')).toBeUndefined()
  })

  it('keeps every hit with its ancestors and nothing else, open or not', () => {
    fc.assert(
      fc.property(anyNodes, fc.constantFrom('a', 'b', 'first', 'one', 'a first', 'nothing'), (nodes, query) => {
        const any = schemaTree(nodes)
        const { kept, hits } = filterNodes(any, query)!
        const expected = new Set(hits.flatMap((at) => [...ancestorsOf(any, at), at]))
        expect(visibleRows(any, new Set(), kept)).toEqual([...expected].sort((a, b) => a - b))
      }),
    )
  })

  it('says which rows can be opened', () => {
    expect(hasChildren(tree, tree.positions.get('/address')!)).toBe(true)
    expect(hasChildren(tree, tree.positions.get('/_id')!)).toBe(false)
  })
})
