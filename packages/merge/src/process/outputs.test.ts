import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outputPath } from './output-path.ts'
import { mergeOf, problemsOf, textsOf } from './testing/merge-of.ts'

const one = (output: string, files: Readonly<Record<string, string>> = {}) =>
  mergeOf(
    'templates: [{ path: ./t, merge: true, output: "{{ specifications.out }}" }]',
    { t: 'text', ...files },
    { out: output },
  )

describe('an output', () => {
  it.each([
    ['../x', 'MERGE_OUTPUT_OUTSIDE', 'it leads out of the folder'],
    ['..', 'MERGE_OUTPUT_OUTSIDE', 'it leads out of the folder'],
    ['a/../../a/b', 'MERGE_OUTPUT_OUTSIDE', 'it leads out of the folder'],
    ['./a/b/../.././../x', 'MERGE_OUTPUT_OUTSIDE', 'it leads out of the folder'],
    ['a/../.git/config', 'MERGE_OUTPUT_INVALID', 'what is in .git belongs to git'],
    ['a/../.stage0_template/x', 'MERGE_OUTPUT_INVALID', 'is never a part of the product'],
    ['a/../.stage0_merge.json', 'MERGE_OUTPUT_INVALID', 'is kept for the merge itself'],
    ['a/../C:x', 'MERGE_OUTPUT_INVALID', 'cannot be the name of a file on Windows'],
    ['a//../b', 'MERGE_OUTPUT_INVALID', 'a name in it is empty'],
    ['a/..', 'MERGE_OUTPUT_INVALID', 'it names a folder'],
    ['a/b/..', 'MERGE_OUTPUT_INVALID', 'it names a folder'],
    ['.', 'MERGE_OUTPUT_INVALID', 'it names a folder'],
    ['/etc/passwd', 'MERGE_OUTPUT_OUTSIDE', 'it is an absolute path'],
    ['/dev/null/x', 'MERGE_OUTPUT_OUTSIDE', 'it is an absolute path'],
    ['/dev/zero', 'MERGE_OUTPUT_OUTSIDE', 'it is an absolute path'],
    ['./a\\b', 'MERGE_OUTPUT_OUTSIDE', 'it has a backslash'],
    ['C:x', 'MERGE_OUTPUT_OUTSIDE', 'it begins with the letter of a drive'],
    ['', 'MERGE_OUTPUT_INVALID', 'it is empty'],
    ['a//b', 'MERGE_OUTPUT_INVALID', 'a name in it is empty'],
    ['a/', 'MERGE_OUTPUT_INVALID', 'a name in it is empty'],
    ['./', 'MERGE_OUTPUT_INVALID', 'a name in it is empty'],
    ['a/.', 'MERGE_OUTPUT_INVALID', 'it names a folder'],
    ['a\u0000b', 'MERGE_OUTPUT_INVALID', 'it has a control character'],
    ['a\nb', 'MERGE_OUTPUT_INVALID', 'it has a control character'],
    ['a/.git/hooks/post-checkout', 'MERGE_OUTPUT_INVALID', 'what is in .git belongs to git'],
    ['.GIT/config', 'MERGE_OUTPUT_INVALID', 'what is in .git belongs to git'],
    ['.g\u200cit/config', 'MERGE_OUTPUT_INVALID', 'what is in .git belongs to git'],
    ['git~1/config', 'MERGE_OUTPUT_INVALID', 'what is in .git belongs to git'],
    ['.stage0_template/x', 'MERGE_OUTPUT_INVALID', 'is never a part of the product'],
    ['.Stage0_Template/x', 'MERGE_OUTPUT_INVALID', 'is never a part of the product'],
    ['.stage0_merge.json', 'MERGE_OUTPUT_INVALID', 'is kept for the merge itself'],
    ['.stage0-merge-into-1-x/journal.json', 'MERGE_OUTPUT_INVALID', 'is kept for the merge itself'],
    ['a/nul.txt', 'MERGE_OUTPUT_INVALID', 'cannot be the name of a file on Windows'],
    ['a?', 'MERGE_OUTPUT_INVALID', 'cannot be the name of a file on Windows'],
    ['a.', 'MERGE_OUTPUT_INVALID', 'cannot be the name of a file on Windows'],
    ['x'.repeat(256), 'MERGE_OUTPUT_INVALID', 'a name in it is too long'],
    ['t', 'MERGE_OUTPUT_INVALID', 'is its own template'],
    ['x/.././/t', 'MERGE_OUTPUT_INVALID', 'a name in it is empty'],
    ['./x/.././t', 'MERGE_OUTPUT_INVALID', 'is its own template'],
    ['t/below', 'MERGE_OUTPUT_INVALID', 't is a file of the template'],
    ['there/file/x', 'MERGE_OUTPUT_INVALID', 'there/file is a file of the template'],
    ['there', 'MERGE_OUTPUT_INVALID', 'the template has a folder there'],
  ])('%j is refused', (output, code, why) => {
    const [problem = '', ...others] = problemsOf(one(output, { 'there/file': '' }))
    expect(problem).toMatch(new RegExp(`^1:\\d+ ${code} `))
    expect(problem).toContain(why)
    expect(others).toEqual([])
  })

  it.each([
    ['./a', 'a'],
    ['a/./b', 'a/b'],
    ['a/../b', 'b'],
    ['./a/b/../.././c/../d/e', 'd/e'],
    ['there/../there/file', 'there/file'],
    ['.gitignore', '.gitignore'],
    ['.github/workflows/x.yml', '.github/workflows/x.yml'],
    ['..a/b..c', '..a/b..c'],
    ['there/file', 'there/file'],
    ['Müller/日本', 'Müller/日本'],
  ])('%j is written', (output, path) => {
    expect(textsOf(one(output, { 'there/file': '' }))).toEqual({ [path]: 'text' })
  })

  it('/dev/null means that there is no such file, in every mode and as often as wanted', () => {
    const control =
      'templates: [{ path: a, merge: true, output: /dev/null }, { path: b, mergeFor: { items: specifications.l, output: "{{ item }}" } }]'
    const result = mergeOf(control, { a: '', b: '' }, { l: ['/dev/null', 'kept', '/dev/null'] })
    expect(textsOf(result)).toEqual({ kept: '' })
    expect(result.ok && result.value.removes).toEqual(['a', 'b'])
  })

  it.each([
    [
      'two entries',
      '{ path: a, merge: true, output: x }, { path: b, merge: true, output: ./x }',
      'The output x of b is also written by a (line 1).',
    ],
    [
      'an entry and a file in its place',
      '{ path: a, merge: true }, { path: b, merge: true, output: a }',
      'The output a of b is also written by a (line 1).',
    ],
    [
      'two items',
      '{ path: a, mergeFor: { items: specifications.l, output: x } }',
      'The output x of a, item 2, "q" is also written by a, item 1, "p" (line 1).',
    ],
    [
      'names that some systems take for one',
      '{ path: a, merge: true, output: X }, { path: b, merge: true, output: x }',
      'The output x of b is also written by a (line 1) as X, which some systems take for the same name.',
    ],
  ])('of %s twice is refused with both', (_what, templates, message) => {
    const result = mergeOf(`templates: [${templates}]`, { a: '', b: '' }, { l: ['p', 'q'] })
    expect(problemsOf(result)).toEqual([expect.stringContaining(`MERGE_OUTPUT_TWICE ${message}`)])
  })

  it.each([
    ['{ path: a, merge: true, output: x }, { path: b, merge: true, output: x/y }', 'x is a file, of a.'],
    [
      '{ path: a, merge: true, output: x/y }, { path: b, merge: true, output: x }',
      'it would be a folder as well, for x/y of a.',
    ],
    [
      '{ path: a, merge: true, output: b }, { path: b, merge: true }',
      'The output b of a is a template that is merged later.',
    ],
  ])('of %s is refused', (templates, why) => {
    const [problem = ''] = problemsOf(mergeOf(`templates: [${templates}]`, { a: '', b: '' }))
    expect(problem).toContain('MERGE_OUTPUT_INVALID')
    expect(problem).toContain(why)
  })

  it('may take the place of a template that was merged before', () => {
    const control = 'templates: [{ path: a, merge: true, output: c }, { path: b, merge: true, output: a }]'
    const result = mergeOf(control, { a: 'of a', b: 'of b' })
    expect(textsOf(result)).toEqual({ c: 'of a', a: 'of b' })
    expect(result.ok && result.value.removes).toEqual(['b'])
  })

  it.each([
    ['../x', 'TEMPLATE_CONTROL_INVALID'],
    ['folder/../../x', 'TEMPLATE_CONTROL_INVALID'],
    ['folder/../gone', 'TEMPLATE_FILE_MISSING'],
    ['/etc/passwd', 'TEMPLATE_CONTROL_INVALID'],
    ['gone', 'TEMPLATE_FILE_MISSING'],
    ['folder', 'TEMPLATE_FILE_MISSING'],
    ['binary', 'TEMPLATE_NOT_PARSABLE'],
  ])('is not made of the template %j', (path, code) => {
    const result = mergeOf(`templates: [{ path: ${path}, merge: true }]`, {
      'folder/x': '',
      binary: new Uint8Array([0xff, 0]),
    })
    expect(problemsOf(result)).toEqual([expect.stringContaining(code)])
  })

  it.each(['./a', 'x/../a'])('is not made of a template that is listed twice, the second time as %s', (path) => {
    const control = `templates:\n  - { path: a, merge: true }\n  - { path: ${path}, merge: true }`
    expect(problemsOf(mergeOf(control, { a: '' }))).toEqual([
      `3:13 TEMPLATE_CONTROL_INVALID ${path} is listed twice, before in line 2.`,
    ])
  })

  it('is made of a template in whatever way its path is spelled', () => {
    const result = mergeOf('templates: [{ path: ./no/../x/./../a, merge: true, output: b }]', { a: 'of a' })
    expect(textsOf(result)).toEqual({ b: 'of a' })
    expect(result.ok && result.value.removes).toEqual(['a'])
  })

  it('never names a path outside of the product, whatever comes out of a template', () => {
    const parts = fc.constantFrom(
      '.',
      '..',
      '...',
      '',
      '/',
      '\\',
      '.git',
      'a',
      'C:',
      '\u0000',
      '~',
      '.stage0_template',
      '/dev/null',
    )
    const names = fc.array(fc.oneof(parts, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 8 })
    fc.assert(
      fc.property(names, fc.constantFrom('/', ''), (list, separator) => {
        const judged = outputPath(list.join(separator))
        if (judged.kind !== 'path') return
        const steps = judged.path.split('/')
        expect(
          steps.every((step) => step !== '' && step !== '.' && step !== '..' && step.toLowerCase() !== '.git'),
        ).toBe(true)
        expect(judged.path).not.toMatch(/^[a-z]:|[\\\u0000]/i)
        expect(outputPath(judged.path)).toEqual(judged)
      }),
    )
  })

  it('is the same however often a merge is planned', () => {
    const plan = () =>
      mergeOf(
        'templates: [{ path: a, mergeFor: { items: specifications.l, output: "{{ item }}" } }]',
        { a: '{{ item }}' },
        { l: ['x', 'y'] },
      )
    expect(plan()).toEqual(plan())
  })
})
