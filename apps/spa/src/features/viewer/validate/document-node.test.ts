import { describe, expect, it } from 'vitest'
import { SAMPLE } from '../testing/nodes.ts'
import { schemaTree } from '../tree/schema-tree.ts'
import { nodeOfDocumentPath } from './document-node.ts'
import { findingPath, findingText } from './finding-text.ts'
import { shownPath } from './shown-path.ts'

describe('the node of a value in a document', () => {
  const tree = schemaTree(SAMPLE)
  it.each([
    { path: [], node: '' },
    { path: ['address', 'city'], node: '/address/city' },
    { path: ['tags', 7], node: '/tags/[]' },
    { path: ['tags', 7, 'label'], node: '/tags/[]/<2>/label' },
    { path: ['address', 'street', 'x'], node: '/address' },
    { path: ['unknown'], node: '' },
    { path: ['tags', 'city'], node: '/tags' },
  ])('$path is described by "$node"', ({ path, node }) => {
    expect(tree.nodes[nodeOfDocumentPath(tree, path)!]!.path).toBe(node)
  })

  it('does not exist in an empty tree', () => {
    expect(nodeOfDocumentPath(schemaTree([]), ['a'])).toBeUndefined()
  })
})

it.each([
  { path: [], text: '' },
  { path: ['a', 'b', 2, 'c-d'], text: 'a.b[2].c-d' },
  { path: ['a.b', 0], text: '["a.b"][0]' },
  { path: ['', '__proto__'], text: '[""].__proto__' },
])('the path $path is written $text', ({ path, text }) => {
  expect(shownPath(path)).toBe(text)
})

it.each([
  { rule: 'required', key: 'viewer.finding.required' },
  { rule: 'minimum', expected: '3', key: 'viewer.finding.expected' },
  { rule: 'uniqueItems', reason: 'found a duplicate item', key: 'viewer.finding.other' },
])('a broken $rule is said by $key', ({ key, ...finding }) => {
  expect(findingText({ path: ['a'], line: 1, ...finding }).key).toBe(key)
  expect(findingPath({ path: ['a'], line: 1, ...finding })).toBe('a')
})
