import type { SchemaNode } from '@stage0/types'
import fc from 'fast-check'

/** A property as tests write it: a name, what is inside, and what differs from a plain optional word. */
export interface Branch extends Partial<Omit<SchemaNode, 'path' | 'depth' | 'children' | 'name'>> {
  readonly name?: string
  readonly inside?: readonly Branch[]
}

const step = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** Flat nodes from a tree, as the service sends them. */
export function nodesOf(root: Branch): SchemaNode[] {
  const nodes: SchemaNode[] = []
  const add = ({ name = '', inside = [], ...rest }: Branch, path: string, depth: number): void => {
    nodes.push({
      path,
      depth,
      children: inside.length,
      name,
      kind: inside.length > 0 ? 'object' : 'custom',
      description: '',
      required: false,
      nullable: false,
      constraints: [],
      ...rest,
    })
    inside.forEach((child) => add(child, path + step(child.name ?? ''), depth + 1))
  }
  add(root, '', 0)
  return nodes
}

/** A collection's schema with an object, an array, a choice and an enumeration. */
export const SAMPLE = nodesOf({
  kind: 'object',
  description: 'A person who signs in',
  json_pointer: '',
  bson_pointer: '',
  inside: [
    {
      name: '_id',
      kind: 'custom',
      of: 'identifier',
      required: true,
      bson_type: 'objectId',
      json_pointer: '/properties/_id',
      bson_pointer: '/properties/_id',
    },
    {
      name: 'address',
      kind: 'object',
      json_pointer: '/properties/address',
      bson_pointer: '/properties/address',
      expanded_from: 'dictionaries/address.yaml',
      inside: [
        {
          name: 'city',
          kind: 'simple',
          description: 'Where',
          constraints: ['at most 40 characters'],
          json_pointer: '/properties/address/properties/city',
          bson_pointer: '/properties/address/properties/city',
          source: { file: 'dictionaries/address.yaml', line: 4, column: 7 },
        },
      ],
    },
    {
      name: 'tags',
      kind: 'array',
      json_pointer: '/properties/tags',
      bson_pointer: '/properties/tags',
      inside: [
        {
          name: '[]',
          kind: 'one_of',
          inside: [
            { name: '<1>', kind: 'simple' },
            { name: '<2>', kind: 'object', inside: [{ name: 'label', kind: 'simple' }] },
          ],
        },
      ],
    },
    {
      name: 'status',
      kind: 'enum',
      of: 'user_status',
      change: 'added',
      problem: 'The value "old" is not there any more',
      values: [
        { value: 'active', description: 'May sign in', deprecated: false },
        { value: 'old', description: 'Was renamed', deprecated: true },
      ],
      json_pointer: '/properties/status',
      bson_pointer: '/properties/status',
    },
  ],
})

const anyBranch = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'a/b', '~', ''),
  description: fc.constantFrom('', 'first', 'second one'),
  /** How deep it may be; never more than one below the branch before it. */
  depth: fc.integer({ min: 1, max: 6 }),
})

/** Any tree, also with names that occur twice. */
export const anyNodes: fc.Arbitrary<SchemaNode[]> = fc.array(anyBranch, { maxLength: 25 }).map((branches) => {
  const root: Branch & { inside: Branch[] } = { inside: [] }
  const open = [root]
  for (const { depth, ...rest } of branches) {
    open.length = Math.min(depth, open.length)
    const branch = { ...rest, inside: [] }
    open.at(-1)!.inside.push(branch)
    open.push(branch)
  }
  return nodesOf(root)
})
