import { describe, expect, it } from 'vitest'
import { mergeOf, problemsOf, textsOf } from './testing/merge-of.ts'

const SPECIFICATIONS = {
  list: [{ name: 'a', item: 'own', info: 'of a' }, { name: 'b' }],
  words: ['One', 'Two'],
  pairs: { x: { n: 1 }, y: 2 },
  none: [],
  text: 'abc',
  nothing: null,
}
const INFO = 'context: [{ key: info, type: path, path: specifications.text }]\n'

const merge = (
  templates: string,
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
) =>
  mergeOf(
    `environment: { ${Object.keys(environment).join(': x, ')}${Object.keys(environment).length > 0 ? ': x' : ''} }\n${INFO}templates:\n${templates}`,
    files,
    SPECIFICATIONS,
    environment,
  )

describe('the modes', () => {
  it('merge rewrites a file in its place, without the environment', () => {
    const result = merge('  - { path: ./a, merge: true }', { a: '[{{ info }}][{{ E }}]' }, { E: 'secret' })
    expect(textsOf(result)).toEqual({ a: '[abc][]' })
    expect(result.ok && result.value.removes).toEqual([])
  })

  it('merge with an output names it with context and environment, and drops the template', () => {
    const result = merge('  - { path: a, merge: true, output: "{{ E }}/{{ info }}" }', { a: 'x' }, { E: 'e' })
    expect(textsOf(result)).toEqual({ 'e/abc': 'x' })
    expect(result.ok && result.value.removes).toEqual(['a'])
  })

  it('mergeFor sees the item before the context, and its output the item alone', () => {
    const entry = (output: string) => `  - { path: a, mergeFor: { items: specifications.list, output: "${output}" } }`
    const result = merge(
      entry('{{ name }}[{{ E }}].{{ item.name }}'),
      { a: '{{ info }} {{ item.item }} {{ specifications.text }}' },
      { E: 'e' },
    )
    expect(textsOf(result)).toEqual({ 'a[].a': 'of a own abc', 'b[].b': 'abc  abc' })
    expect(problemsOf(merge(entry('{{ specifications.text }}'), { a: '' }))).toEqual([
      expect.stringMatching(/^4:\d+ TEMPLATE_RENDER_FAILED .*[^.] \(item 1, "a"\)\.$/),
      expect.stringMatching(/^4:\d+ TEMPLATE_RENDER_FAILED .*[^.] \(item 2, "b"\)\.$/),
    ])
  })

  it.each([
    ['mergeFor', 'specifications.words', '{{ item }}|x', 'item 2, "Two"'],
    ['mergeFrom', 'specifications.pairs', '../{{ item.name }}', 'item 2, "y"'],
  ])('%s tells which item an output is made of that no file can have', (mode, items, output, item) => {
    const result = merge(`  - { path: a, ${mode}: { items: ${items}, output: "${output}" } }`, { a: 'x' })
    const hint = `Correct ${item}, in "${items}" of the specifications, or let the output be another path.`
    expect(!result.ok && result.problems.map((problem) => problem.hint)).toEqual([expect.any(String), hint])
  })

  it('mergeFor gives a word as item only, and of a mapping its pairs as name and content', () => {
    const words = '  - { path: a, mergeFor: { items: specifications.words, output: "{{ item | lower }}" } }'
    expect(textsOf(merge(words, { a: '{{ item }}{{ name }}' }))).toEqual({ one: 'One', two: 'Two' })
    const pairs = '  - { path: a, mergeFor: { items: specifications.pairs, output: "{{ name }}" } }'
    expect(textsOf(merge(pairs, { a: '{{ name }}={{ content }}, {{ item.name }}' }))).toEqual({
      x: "x={'n': 1}, x",
      y: 'y=2, y',
    })
  })

  it('mergeFrom gives a pair as item only', () => {
    const pairs = '  - { path: a, mergeFrom: { items: specifications.pairs, output: "{{ item.name }}{{ name }}" } }'
    expect(textsOf(merge(pairs, { a: '{{ item.content }}{{ name }}' }))).toEqual({ x: "{'n': 1}", y: '2' })
  })

  it.each(['merge: false', 'merge: ', 'merge: ""', 'merge: 0', 'mergeFrom: {}', 'merge: false, mergeFrom: []'])(
    'are one where another is false or empty, as %s',
    (off) => {
      const entry = `  - { path: a, ${off}, mergeFor: { items: specifications.words, output: "{{ item }}" } }`
      expect(textsOf(merge(entry, { a: 'x' }))).toEqual({ One: 'x', Two: 'x' })
    },
  )

  it.each(['mergeFor: null', 'mergeFrom: {}'])('merge in place where %s is beside it', (off) => {
    expect(textsOf(merge(`  - { path: a, ${off}, merge: true }`, { a: 'x' }))).toEqual({ a: 'x' })
  })

  it('drop the template where there are no items', () => {
    const result = merge('  - { path: a, mergeFor: { items: specifications.none, output: x } }', { a: '' })
    expect(result).toMatchObject({ ok: true, value: { writes: [], removes: ['a'], keeps: [] } })
  })

  it.each([
    ['mergeFor', 'text', 'mergeFor needs a list or a mapping, and it is a text'],
    ['mergeFor', 'nothing', 'mergeFor needs a list or a mapping, and it is empty'],
    ['mergeFor', 'gone', '"specifications" has no "gone"; it has: list, words, pairs, none, text, nothing'],
    ['mergeFrom', 'list', 'mergeFrom needs a mapping, and it is a list'],
    ['mergeFor', '{{ info }}', '"specifications" has no "{{ info }}"; it has: list, words, pairs, none, text, nothing'],
  ])('%s refuses the items %s', (mode, items, why) => {
    const result = merge(`  - { path: a, ${mode}: { items: "specifications.${items}", output: x } }`, { a: '' })
    expect(problemsOf(result)).toEqual([expect.stringMatching(/^4:\d+ MERGE_ITEMS_INVALID /)])
    expect(problemsOf(result)[0]).toContain(`The items "specifications.${items}" of ${mode}: ${why}.`)
  })

  it('tell five items that fail, and count the others', () => {
    const list = Array.from({ length: 9 }, (_, at) => at)
    const control = 'templates: [{ path: a, mergeFor: { items: specifications.list, output: "{{ item }}" } }]'
    const problems = problemsOf(mergeOf(control, { a: '{{ gone.x }}' }, { list }))
    expect(problems).toHaveLength(6)
    expect(problems.at(-1)).toContain('a has problems with 4 more items.')
  })

  it('keep whether a template is a program', () => {
    const result = mergeOf('templates: [{ path: run, merge: true }, { path: a, merge: true, output: b }]', {
      'run*': '',
      a: '',
    })
    expect(result.ok && result.value.writes.map(({ isExecutable }) => isExecutable)).toEqual([true, false])
  })
})
