import { describe, expect, it } from 'vitest'
import { mergeOf, problemsOf, textsOf } from './testing/merge-of.ts'

const SPECIFICATIONS = {
  product: { info: { name: 'Mentor Hub', 'db-name': 'hub', empty: null, none: [] } },
  'dd.user': { a: 1 },
  services: [
    { name: 'a', port: 8393, on: true, tags: 'x' },
    'no mapping',
    { name: 'b', port: 1, tags: ['b'] },
    { name: 'a', port: 2, tags: null },
  ],
}

const directive = (key: string, path: string): string => `{ key: ${key}, type: path, path: "${path}" }`
const selector = (property: string, value: string): string =>
  `{ key: s, type: selector, path: specifications.services, filter: { property: ${property}, value: "${value}" } }`
const ENVIRONMENT = 'environment: { WHICH: one of them }\n'

const show = (context: string, body: string, environment = {}) =>
  mergeOf(
    `${Object.keys(environment).length > 0 ? ENVIRONMENT : ''}context: [${context}]\ntemplates: [{ path: out, merge: true }]`,
    { out: body },
    SPECIFICATIONS,
    environment,
  )
const told = (context: string, environment = {}): readonly string[] => problemsOf(show(context, '', environment))

describe('the context', () => {
  it('names what a path leads to, for later directives as well', () => {
    const context = `${directive('info', 'specifications.product.info')}, ${directive('title', 'info.name')}`
    expect(textsOf(show(context, '{{ info.name }}={{ title }}'))).toEqual({ out: 'Mentor Hub=Mentor Hub' })
  })

  it('gives a key with a hyphen a name that templates can use', () => {
    expect(textsOf(show(directive('db', 'specifications.product.info.db-name'), '{{ db }}'))).toEqual({ out: 'hub' })
  })

  it('renders paths and filters with the environment, and with nothing else', () => {
    const context = `${directive('x', 'specifications.{{ WHICH }}.info')}, ${directive('y', 'specifications{{ x }}')}`
    expect(textsOf(show(context, '{{ x.name }}{{ y.product.info.name }}', { WHICH: 'product' }))).toEqual({
      out: 'Mentor HubMentor Hub',
    })
  })

  it('selects the first mapping with that text', () => {
    expect(textsOf(show(selector('name', '{{ WHICH }}'), '{{ s.port }}', { WHICH: 'a' }))).toEqual({ out: '8393' })
  })

  it('lets a later directive of the same key win', () => {
    const context = `${directive('x', 'specifications.product')}, ${directive('x', 'x.info')}`
    expect(textsOf(show(context, '{{ x.name }}'))).toEqual({ out: 'Mentor Hub' })
  })

  it.each([
    [
      'a step that is missing',
      directive('x', 'specifications.product.inf'),
      'Context "x": the path "specifications.product.inf" leads nowhere: "specifications.product" has no "inf"; it has: info.',
    ],
    [
      'an unknown beginning',
      directive('x', 'spec.product'),
      'Context "x": the path "spec.product" leads nowhere: there is no "spec"; there are: specifications.',
    ],
    [
      'a number in a list',
      directive('x', 'specifications.services.0'),
      'Context "x": the path "specifications.services.0" leads nowhere: "specifications.services" is a list and has no "0".',
    ],
    [
      'something behind nothing',
      directive('x', 'specifications.product.info.empty.a'),
      'Context "x": the path "specifications.product.info.empty.a" leads nowhere: "specifications.product.info.empty" is empty and has no "a".',
    ],
    [
      'a key with a dot',
      directive('x', 'specifications.dd.user'),
      'Context "x": the path "specifications.dd.user" leads nowhere: "specifications" has no "dd"; it has: product, dd.user, services. A path cannot reach "dd.user", since the dot is a part of that key.',
    ],
    [
      'a value that nothing has',
      selector('name', 'c'),
      'Context "s": no item of "specifications.services" has "c" as its name; there are: a, b, a.',
    ],
    [
      'a number as text',
      selector('port', '8393'),
      'Context "s": no item of "specifications.services" has "8393" as its port; there are: 8393 (a number), 1 (a number), 2 (a number). A filter compares texts only.',
    ],
    [
      'true as text',
      selector('"on"', 'True'),
      'Context "s": no item of "specifications.services" has "True" as its on; there are: true (true or false). A filter compares texts only.',
    ],
    [
      'true as text, as it is written',
      selector('"on"', 'true'),
      'Context "s": no item of "specifications.services" has "true" as its on; there are: true (true or false). A filter compares texts only.',
    ],
    [
      'a text where there are values of other kinds',
      selector('tags', 'b'),
      'Context "s": no item of "specifications.services" has "b" as its tags; there are: x, a list, nothing. A filter compares texts only.',
    ],
    [
      'a property that nothing has',
      selector('nam', 'a'),
      'Context "s": no item of "specifications.services" has "a" as its nam; none of them has such a key; there are: name, port, on, tags.',
    ],
    [
      'something that is no list',
      '{ key: s, type: selector, path: specifications.product, filter: { property: a, value: b } }',
      'Context "s": "specifications.product" is a mapping, and a selector needs a list.',
    ],
  ])('that needs %s says what there is', (_what, context, message) => {
    expect(told(context)).toEqual([expect.stringContaining(`MERGE_CONTEXT_NOT_FOUND ${message}`)])
  })

  it.each([
    [
      'an unknown beginning',
      directive('x', '{{ WHICH }}.a'),
      'Context "x": the path "{{ WHICH }}.a" leads nowhere: there is nothing at step 1; there are: specifications.',
    ],
    [
      'a step that is missing, which begins like a key with a dot',
      directive('x', 'specifications.{{ WHICH }}'),
      'Context "x": the path "specifications.{{ WHICH }}" leads nowhere: there is nothing at step 2; there are: product, dd.user, services.',
    ],
    [
      'a step in a list',
      directive('x', 'specifications.services.{{ WHICH }}'),
      'Context "x": the path "specifications.services.{{ WHICH }}" leads nowhere: there is nothing at step 3, since before it is a list.',
    ],
    [
      'a value that nothing has',
      selector('name', '{{ WHICH | upper }}'),
      'Context "s": no item of "specifications.services" has what "{{ WHICH | upper }}" gives as its name; there are: a, b, a.',
    ],
    [
      'a number as text',
      selector('port', '{{ WHICH }}'),
      'Context "s": no item of "specifications.services" has what "{{ WHICH }}" gives as its port; there are: 8393 (a number), 1 (a number), 2 (a number). A filter compares texts only.',
    ],
    [
      'a property that nothing has',
      selector('"{{ WHICH }}"', 'a'),
      'Context "s": no item of "specifications.services" has "a" as its {{ WHICH }}; none of them has such a key; there are: name, port, on, tags.',
    ],
    [
      'what cannot be rendered',
      directive('x', 'specifications{{ nothing[WHICH] }}'),
      'TEMPLATE_RENDER_FAILED In the path of context "x": "specifications{{ nothing[WHICH] }}" cannot be rendered with these values of the environment.',
    ],
  ])('that a value of the environment takes part in never tells it: %s', (_what, context, message) => {
    const result = show(context, '', { WHICH: 'dd' })
    expect(problemsOf(result)).toEqual([expect.stringContaining(message)])
    const secret = show(context, '', { WHICH: 's3cr3t' })
    expect(secret.ok).toBe(false)
    expect(JSON.stringify(secret).toLowerCase()).not.toContain('s3cr3t')
  })

  it('lists five values at most', () => {
    const services = Array.from({ length: 7 }, (_, at) => ({ name: `n${at}` }))
    const result = mergeOf(`context: [${selector('name', 'x')}]`, {}, { services })
    expect(problemsOf(result)).toEqual([expect.stringContaining('there are: n0, n1, n2, n3, n4 and 2 more.')])
  })

  it.each([
    ['itself', directive('a', 'a.b'), '"a" can never get a value: "a" needs "a".'],
    [
      'each other',
      `${directive('a', 'b.x')}, ${directive('b', 'c.x')}, ${directive('c', 'a')}`,
      '"a" can never get a value: "a" needs "b" needs "c" needs "a".',
    ],
    [
      'a later one',
      `${directive('a', 'b.x')}, ${directive('b', 'specifications.product')}`,
      '"a" needs a key that comes later: "a" needs "b".',
    ],
  ])('of directives that need %s is told as a chain, once', (_what, context, message) => {
    const [first, ...others] = told(context)
    expect(first).toContain(`MERGE_CONTEXT_CYCLIC Context ${message}`)
    expect(others).toEqual([])
  })

  it.each([
    [
      `${directive('a', '{{ WHICH }}.x')}, ${directive('s3cr3t', 'specifications.product')}`,
      '"a" needs a key that comes later: "a" needs what the path "{{ WHICH }}.x" gives.',
    ],
    [
      `${directive('a', 'b.x')}, ${directive('b', '{{ WHICH }}')}, ${directive('s3cr3t', 'a')}`,
      '"a" can never get a value: "a" needs "b" needs what the path "{{ WHICH }}" gives.',
    ],
  ])('of directives that need one that the environment names is told without its name: %s', (context, message) => {
    const [first, ...others] = problemsOf(show(context, '', { WHICH: 's3cr3t' }))
    expect(first).toContain(`MERGE_CONTEXT_CYCLIC Context ${message}`)
    expect(JSON.stringify([first, ...others])).not.toContain('s3cr3t')
  })

  it('tells every missing name of the environment at once, and sees no other', () => {
    const control = 'environment: { A: first, B: , C: third }\ncontext: [{ key: k, type: path, path: "{{ A }}" }]'
    expect(problemsOf(mergeOf(control, {}, {}, { B: '', D: 'x' }))).toEqual([
      '1:16 MERGE_ENVIRONMENT_MISSING The template needs A in the environment: first.',
      '1:31 MERGE_ENVIRONMENT_MISSING The template needs C in the environment: third.',
    ])
    const inherited = mergeOf('environment: { toString: x }', {}, {}, {})
    expect(problemsOf(inherited)).toHaveLength(1)
  })

  it('requires that something is there, whatever it is', () => {
    const info = 'specifications.product.info'
    const required = (path: string) => problemsOf(mergeOf(`requires: [${path}]`, {}, SPECIFICATIONS))
    for (const path of ['name', 'empty', 'none']) expect(required(`${info}.${path}`)).toEqual([])
    expect(required('specifications.services.0')).toEqual([
      '1:12 MERGE_REQUIREMENT_MISSING The template requires "specifications.services.0": "specifications.services" is a list and has no "0".',
    ])
  })

  it('tells all that is missing in one answer', () => {
    const control = `context: [${directive('a', 'x.y')}, ${directive('b', 'a.z')}]\nrequires: [a.q, specifications.r]\ntemplates: [{ path: gone, merge: true }]`
    const codes = problemsOf(mergeOf(control)).map((line) => line.split(' ')[1])
    expect(codes).toEqual(['MERGE_CONTEXT_NOT_FOUND', 'MERGE_REQUIREMENT_MISSING', 'TEMPLATE_FILE_MISSING'])
  })
})
