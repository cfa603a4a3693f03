import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Repository } from '../model/model.ts'
import { canonicalJson } from '../plan/canonical.ts'
import { Renderer } from '../render/renderer.ts'
import type { SchemaFormat } from '../render/render-property.ts'
import type { Unit } from '../render/units.ts'
import { repositoryOf, STOCK } from '../render/testing/files.ts'
import { expand, MAX_NODES, type ExpandedNode } from './expand.ts'
import { enumeratorsFile } from './testing/samples.ts'

const unescaped = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~')

function resolve(schema: Value, pointer: string): Value | undefined {
  let at: Value | undefined = schema
  for (const step of pointer.split('/').slice(1).map(unescaped)) {
    if (isDoc(at)) at = at.get(step)
    else at = isArray(at) && /^\d+$/.test(step) ? at[Number(step)] : undefined
  }
  return at
}

function expanded(repository: Repository, pick: (renderer: Renderer) => Unit | undefined, enumerators = 0) {
  const renderer = new Renderer(repository)
  const unit = pick(renderer)
  if (unit === undefined) throw new Error('there is no such file')
  const rendered = {
    json: renderer.render(unit, enumerators, 'json'),
    bson: renderer.render(unit, enumerators, 'bson'),
  }
  return { renderer, rendered, ...expand(repository, renderer, unit, enumerators, rendered) }
}

const pointerOf = ({ node }: ExpandedNode, format: SchemaFormat) =>
  format === 'json' ? node.json_pointer : node.bson_pointer

/** Property tree as YAML flow; names are hostile, every property may be nullable or required. */
const names = fc.constantFrom(
  'a',
  'b',
  '"a/b"',
  '"~"',
  '"10"',
  '__proto__',
  'constructor',
  '"[]"',
  '"<1>"',
  'type',
  'properties',
)
const { property } = fc.letrec<{ property: string; leaf: string; inner: string }>((tie) => {
  const flags = fc
    .record({ nullable: fc.boolean(), required: fc.boolean(), description: fc.nat(99) })
    .map(
      ({ nullable, required, description }) =>
        `nullable: ${nullable}, required: ${required}, description: "d${description}"`,
    )
  const made = (body: fc.Arbitrary<string>) =>
    fc.tuple(names, flags, body).map(([name, common, kind]) => `{name: ${name}, ${common}, ${kind}}`)
  return {
    leaf: made(
      fc.constantFrom(
        'type: word',
        'type: simple, schema: {type: string, maxLength: 3}',
        'type: complex, json_type: {type: string}, bson_type: {anyOf: [{bsonType: date}, {bsonType: string}]}',
        'type: complex, json_type: {anyOf: [{type: string}]}, bson_type: {bsonType: [date, string]}',
        'type: enum, enums: state',
        'type: enum_array, enums: state',
        'type: constant, constant: fixed',
        'type: maybe_object',
        'type: maybe_choice',
        'type: alias',
        'type: ref, ref: shared',
      ),
    ),
    inner: made(
      fc.oneof(
        fc
          .tuple(fc.array(tie('property'), { maxLength: 4 }), fc.constantFrom('', ', additional_properties: true'))
          .map(([list, more]) => `type: object, properties: [${list.join(', ')}]${more}`),
        tie('property').map((items) => `type: array, items: ${items}`),
        fc
          .array(tie('property'), { minLength: 1, maxLength: 3 })
          .map((list) => `type: one_of, properties: [${list.join(', ')}]`),
      ),
    ),
    property: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('inner')),
  }
})

const TYPES = {
  ...STOCK,
  'enumerators/enumerations.0.yaml': enumeratorsFile(0, { state: ['open', 'closed'] }),
  'types/maybe_object.yaml':
    'root: {name: o, type: object, nullable: true, properties: [{name: x, type: word}, {name: y, type: maybe_choice, nullable: true}]}\n',
  'types/maybe_choice.yaml':
    'root: {name: c, type: one_of, nullable: true, properties: [{name: p, type: word}, {name: q, type: array, items: {type: alias}}]}\n',
  'types/alias.yaml': 'root: {name: l, type: deep_alias, nullable: true}\n',
  'types/deep_alias.yaml': 'root: {name: l, type: object, properties: [{name: z, type: word, nullable: true}]}\n',
  'dictionaries/shared.yaml':
    'root: {name: s, type: one_of, properties: [{name: m, type: maybe_object}, {name: n, type: word}]}\n',
}

describe('the properties of a file, flat', () => {
  it('point into both rendered schemas, each at the part that was rendered from it', () => {
    let pointers = 0
    fc.assert(
      fc.property(property, (tree) => {
        const repository = repositoryOf({ ...TYPES, 'dictionaries/top.yaml': `root: ${tree}\n` })
        const { renderer, rendered, nodes } = expanded(repository, ({ units }) => units.dictionary('top'))
        for (const format of ['json', 'bson'] as const) {
          const schema = rendered[format] as Doc
          for (const one of nodes) {
            const pointer = pointerOf(one, format)
            expect(pointer, one.node.path).toBeDefined()
            const part = resolve(schema, pointer ?? '')
            const alone = renderer.renderProperty(one.property, 0, format)
            expect(canonicalJson(part), `${one.node.path} at ${pointer}`).toBe(canonicalJson(alone))
            pointers++
          }
          expect(new Set(nodes.map((one) => pointerOf(one, format))).size).toBe(nodes.length)
        }
      }),
      { numRuns: 300 },
    )
    expect(pointers).toBeGreaterThan(1000)
  })

  it('come parents first, as many children as they say, under paths that are unique', () => {
    fc.assert(
      fc.property(property, (tree) => {
        const repository = repositoryOf({ ...TYPES, 'dictionaries/top.yaml': `root: ${tree}\n` })
        const { nodes } = expanded(repository, ({ units }) => units.dictionary('top'))
        const children = nodes.map(() => 0)
        nodes.forEach(({ node, parent }, i) => {
          expect(parent).toBeLessThan(i)
          if (parent < 0) return
          const above = nodes[parent]?.node
          children[parent] = (children[parent] ?? 0) + 1
          expect(node.depth).toBe((above?.depth ?? 0) + 1)
          expect(node.path.startsWith(`${above?.path}/`)).toBe(true)
        })
        expect(nodes.map(({ node }) => node.children)).toEqual(children)
        expect(new Set(nodes.map(({ node }) => node.path)).size).toBe(nodes.length)
      }),
      { numRuns: 100 },
    )
  })

  it('stop being expanded in place where types multiply, and say so', () => {
    const texts: Record<string, string> = { ...TYPES }
    const list = (type: string) => Array.from({ length: 10 }, (_, i) => `{name: p${i}, type: ${type}}`).join(', ')
    for (let i = 0; i < 12; i++)
      texts[`types/t${i}.yaml`] =
        `root: {name: t, type: object, properties: [${list(i === 0 ? 'word' : `t${i - 1}`)}]}\n`
    const { nodes } = expanded(repositoryOf(texts), ({ units }) => units.type('t11'))
    expect(nodes.length).toBeGreaterThan(MAX_NODES)
    expect(nodes.length).toBeLessThan(MAX_NODES + 200)
    const closed = nodes.filter((one) => one.isClosed)
    expect(closed[0]?.node.problem).toContain('more than 10000 properties')
    expect(closed.every(({ node }) => node.children === 0)).toBe(true)
  })

  it('show circles, missing and broken files as properties that say why', () => {
    const repository = repositoryOf({
      ...TYPES,
      'types/loop.yaml': 'root: {name: l, type: object, properties: [{name: again, type: loop}]}\n',
      'types/broken.yaml': 'root: [\n',
      'dictionaries/top.yaml':
        'root: {name: r, type: object, properties: [{name: a, type: loop}, {name: b, type: broken}, {name: c, type: nothing}, {name: d, type: ref, ref: nowhere}, {name: e, type: enum, enums: none}, {name: f}]}\n',
    })
    const { nodes } = expanded(repository, ({ units }) => units.dictionary('top'))
    expect(nodes.map(({ node }) => [node.path, node.problem])).toEqual([
      ['', undefined],
      ['/a', undefined],
      ['/a/again', 'not shown in place: it closes a circle, loop.yaml -> loop.yaml'],
      ['/b', 'the type broken.yaml is there but cannot be read'],
      ['/c', 'there is no type nothing'],
      ['/d', 'there is no dictionary nowhere.yaml'],
      ['/e', 'enumerators 0 have no enumerator "none"'],
      ['/f', 'it has no type'],
    ])
    expect(nodes.some(({ node }) => node.json_pointer !== undefined || node.bson_pointer !== undefined)).toBe(false)
  })

  it('survive chains of files longer than RENDER_STACK_MAX_DEPTH', () => {
    const texts: Record<string, string> = { ...TYPES }
    for (let i = 0; i < 3000; i++)
      texts[`types/t${i}.yaml`] =
        `root: {name: t, type: object, properties: [{name: p, type: ${i === 0 ? 'word' : `t${i - 1}`}}]}\n`
    const { nodes } = expanded(repositoryOf(texts), ({ units }) => units.type('t2999'))
    expect(nodes.at(-1)?.node.problem).toContain('RENDER_STACK_MAX_DEPTH')
    expect(nodes.length).toBeLessThanOrEqual(100)
  })
})
