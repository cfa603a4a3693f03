import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outputPath } from './output-path.ts'
import { mergeInto, mergeOf, problemsOf, textsOf } from './testing/merge-of.ts'

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
    ['', 'MERGE_OUTPUT_INCOMPLETE', 'is empty, since'],
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
    const [problem = '', ...others] = problemsOf(mergeInto(output, { 'there/file': '' }))
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
    expect(textsOf(mergeInto(output, { 'there/file': '' }))).toEqual({ [path]: 'text' })
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
      '{ path: a, merge: true, output: x/y/z }, { path: b, merge: true, output: x }',
      'it would be a folder as well, for x/y/z of a.',
    ],
    [
      '{ path: a, mergeFor: { items: specifications.l, output: "X/{{ item }}" } }, { path: b, merge: true, output: x }',
      'it would be a folder as well, for X/p of a, item 1',
    ],
    [
      '{ path: a, merge: true, output: x }, { path: b, mergeFor: { items: specifications.l, output: "X/y/{{ item }}" } }',
      'X is a file, of a.',
    ],
    [
      '{ path: a, merge: true, output: b }, { path: b, merge: true }',
      'The output b of a is a template that is merged later.',
    ],
  ])('of %s is refused', (templates, why) => {
    const [problem = ''] = problemsOf(mergeOf(`templates: [${templates}]`, { a: '', b: '' }, { l: ['p', 'q'] }))
    expect(problem).toContain('MERGE_OUTPUT_INVALID')
    expect(problem).toContain(why)
  })

  it('that a kept file of the template differs from by case only is refused, and one that takes its place is not', () => {
    const control = (output: string) => `templates: [{ path: a, merge: true, output: ${output} }]`
    expect(problemsOf(mergeOf(control('README.md'), { a: '', 'readme.md': 'kept' }))).toEqual([
      '1:45 MERGE_OUTPUT_TWICE The output README.md of a is also the file readme.md of the template, which some systems take for the same name.',
    ])
    expect(textsOf(mergeOf(control('readme.md'), { a: '', 'readme.md': 'kept' }))).toEqual({ 'readme.md': '' })
    const renamed = 'templates: [{ path: readme.md, merge: true, output: README.md }]'
    expect(textsOf(mergeOf(renamed, { 'readme.md': 'x' }))).toEqual({ 'README.md': 'x' })
  })

  describe('whose name lacks a part', () => {
    const items = {
      list: [{ name: 'A', kind: 'x' }, { kind: 'y' }, { name: '', kind: 'z' }, { name: null, kind: 'n' }],
    }
    const forItems = (output: string, specifications: object = items) =>
      mergeOf(
        `templates: [{ path: a, mergeFor: { items: specifications.list, output: '${output}' } }]`,
        { a: '' },
        specifications,
      )
    const warned = (result: ReturnType<typeof forItems>) =>
      result.ok ? problemsOf({ ok: false, problems: result.value.warnings }) : problemsOf(result)

    it.each(['c/{{ name }}.yaml', '{{ name }}.0.1.0.yaml', './{{ name | lower }}.yaml', "{{ item['name'] }}.yaml"])(
      '%s is refused where nothing but its ending is left',
      (output) => {
        const result = forItems(output.replaceAll("'", "''"), { list: [{ name: 'A' }, { kind: 'y' }] })
        expect(problemsOf(result)).toEqual([
          expect.stringMatching(
            /^1:\d+ MERGE_OUTPUT_INCOMPLETE .* of a, item 2 has nothing before its ending, since `.*name.*` is /,
          ),
        ])
        if (result.ok) throw new Error('planned')
        expect(result.problems[0]?.hint).toBe(
          'Add it to item 2, in "specifications.list" of the specifications, or correct the name in the output; where nothing is meant, write `| default("")` into the output.',
        )
      },
    )

    it.each([
      [
        '{{ nme }}/index.yaml',
        'The output "/index.yaml" of a, item 1, "A" has an empty name in it, since `nme` is undefined.',
      ],
      ['c/{{- nme -}}/x', 'The output "c//x" of a, item 1, "A" has an empty name in it, since `nme` is undefined.'],
      ['c/{{ nme }}', 'The output "c/" of a, item 1, "A" has an empty name in it, since `nme` is undefined.'],
      ['{{ nme }}', 'The output "" of a, item 1, "A" is empty, since `nme` is undefined.'],
      [
        '{{ nme ~ item.knd }}/x',
        'The output "/x" of a, item 1, "A" has an empty name in it, since a part of `nme ~ item.knd` is undefined.',
      ],
    ])('%s is refused with what is missing, where nothing is left of a name', (output, message) => {
      const result = forItems(output, { list: [{ name: 'A' }] })
      expect(problemsOf(result)).toEqual([expect.stringMatching(/^1:\d+ MERGE_OUTPUT_INCOMPLETE /)])
      if (result.ok) throw new Error('planned')
      expect(result.problems[0]?.message).toBe(message)
      expect(result.problems[0]?.hint).toMatch(/^Add it to item 1, "A", in .*, or correct the name in the output\.$/)
    })

    it('is refused in that way where it is made once as well', () => {
      const control = 'templates: [{ path: a, merge: true, output: "p/{{ specifications.zz }}" }]'
      expect(problemsOf(mergeOf(control, { a: '' }))).toEqual([
        '1:45 MERGE_OUTPUT_INCOMPLETE The output "p/" of a has an empty name in it, since `specifications.zz` is undefined.',
      ])
    })

    it('is refused for what is wrong with it, and tells the gap besides, where more is left of the name', () => {
      expect(problemsOf(forItems('x{{ nme }}/../../y', { list: [{ name: 'A' }] }))).toEqual([
        '1:72 MERGE_OUTPUT_OUTSIDE The output "x/../../y" of a, item 1, "A" cannot be written: it leads out of the folder, and `nme` is undefined.',
      ])
    })

    it('has nothing before its ending as well where the parts are joined', () => {
      expect(problemsOf(forItems('c/{{ name ~ ".yaml" }}', { list: [{ name: 'A' }, { kind: 'y' }] }))).toEqual([
        '1:72 MERGE_OUTPUT_INCOMPLETE The output "c/.yaml" of a, item 2 has nothing before its ending, since a part of `name ~ ".yaml"` is undefined.',
      ])
    })

    it('is told once with all of its gaps', () => {
      const list = [{ name: 'A' }]
      expect(warned(forItems('k{{ x }}-{{ item.y | upper }}-{{ x }}-{{ z ~ name }}', { list }))).toEqual([
        '1:72 MERGE_OUTPUT_INCOMPLETE The output "k---A" of a, item 1, "A" lacks a part, since `x` is undefined, `item.y | upper` is an empty text and a part of `z ~ name` is undefined.',
      ])
    })

    it('is written with a warning for each gap where more is left', () => {
      expect(warned(forItems('{{ kind }}-{{ name }}.yaml'))).toEqual([
        '1:72 MERGE_OUTPUT_INCOMPLETE The output "y-.yaml" of a, item 2 lacks a part, since `name` is undefined.',
        '1:72 MERGE_OUTPUT_INCOMPLETE The output "z-.yaml" of a, item 3, "" lacks a part, since `name` is an empty text.',
        '1:72 MERGE_OUTPUT_INCOMPLETE The output "n-None.yaml" of a, item 4 lacks a part, since `name` is empty and prints None.',
      ])
    })

    it('is written with a warning where it is made once: an ending may be the whole name', () => {
      const result = mergeOf('templates: [{ path: a, merge: true, output: "{{ stage }}.env" }]', { a: '' })
      expect(textsOf(result)).toEqual({ '.env': '' })
      expect(warned(result)).toEqual([expect.stringContaining('The output ".env" of a lacks a part')])
    })

    it.each([
      "x{{ name | default('') }}.{{ loop_index | d }}{{ kind }}.yaml",
      "x{{ 'a' if gone }}{{ '' }}{{ kind }}.yaml",
      "x{{ name | default('') ~ kind }}.yaml",
      "{{ name | default('') }}.{{ kind }}",
    ])('%s says that it may, and is no warning', (output) => {
      const result = forItems(output.replaceAll("'", "''"))
      expect(warned(result)).toEqual([])
      expect(Object.keys(textsOf(result))).toHaveLength(4)
    })

    it('is told for five items, and the others are counted', () => {
      const list = Array.from({ length: 9 }, (_, at) => ({ kind: `k${at}` }))
      const told = warned(forItems('{{ kind }}{{ name }}', { list }))
      expect(told).toHaveLength(6)
      expect(told.at(-1)).toContain('a has problems with 4 more items.')
    })
  })

  describe('with a value of the environment', () => {
    const SECRET = 's3cr3tValue'
    const toldOf = (output: string, value: string, entries = '', files: Readonly<Record<string, string>> = {}) => {
      const control = `environment: { TOKEN: secret }\ntemplates: [{ path: a, merge: true, output: '${output}' }${entries}]`
      const result = mergeOf(control, { a: '', ...files }, {}, { TOKEN: value })
      if (result.ok) throw new Error('planned')
      return result.problems
    }

    it.each([
      ['one that leads out', '../{{ TOKEN }}', SECRET, '', {}],
      ['a name that Windows cannot have', '{{ TOKEN }}:x', SECRET, '', {}],
      ['a name that is kept', '{{ TOKEN }}/x', `.stage0-merge-${SECRET}`, '', {}],
      ['its own template, in upper case', 'x/{{ TOKEN | upper }}:', SECRET, '', {}],
      [
        'a file that there is twice',
        '{{ TOKEN }}',
        SECRET,
        ', { path: b, merge: true, output: "{{ TOKEN }}" }',
        { b: '' },
      ],
      ['a file below a file', '{{ TOKEN }}', SECRET, ', { path: b, merge: true, output: "{{ TOKEN }}/x" }', { b: '' }],
      [
        'a folder that is a file',
        '{{ TOKEN }}/x',
        SECRET,
        ', { path: b, merge: true, output: "{{ TOKEN }}" }',
        { b: '' },
      ],
      ['a file of the template', '{{ TOKEN }}/x', SECRET, '', { [SECRET]: '' }],
      ['a folder of the template', '{{ TOKEN }}', SECRET, '', { [`${SECRET}/x`]: '' }],
      ['a template that comes later', '{{ TOKEN }}', SECRET, `, { path: ${SECRET}, merge: true }`, { [SECRET]: '' }],
      ['what cannot be rendered', '{{ a[TOKEN].b }}{{ TOKEN[TOKEN].b }}', SECRET, '', {}],
    ])('is refused without telling it: %s', (_what, output, value, entries, files) => {
      const problems = toldOf(output, value, entries, files)
      expect(problems).toHaveLength(1)
      expect(problems[0]?.message).toContain('TOKEN')
      expect(JSON.stringify(problems).toLowerCase()).not.toContain(SECRET.toLowerCase())
    })

    it.each([
      'x{{ specifications.a[TOKEN] }}',
      'x{{ specifications.a[TOKEN | upper] }}',
      'x{{ [1][TOKEN | length] }}',
      'x{{ {}[TOKEN] }}',
      'x{{ {TOKEN: none}[TOKEN] }}',
      'x{{ specifications.a[TOKEN] ~ specifications.a[TOKEN ~ 1] }}',
      'x{{ (specifications.l | rejectattr(TOKEN) | first)[TOKEN] }}',
      'x{% for part in [TOKEN] %}{{ specifications.a[part] }}{% endfor %}',
      'x{% set part = TOKEN %}{{ specifications.a[part] }}',
    ])('lacks a part without telling it: %s', (output) => {
      const control = (path: string) =>
        `environment: { TOKEN: secret }\ntemplates: [{ path: a, merge: true, output: '${path}' }]`
      const specifications = { a: { n: '1' }, l: [{ [SECRET]: '' }] }
      const told: string[] = []
      const written = mergeOf(control(output), { a: '' }, specifications, { TOKEN: SECRET })
      if (!written.ok) throw new Error(JSON.stringify(written.problems))
      told.push(...written.value.warnings.map((problem) => JSON.stringify(problem)))
      for (const part of [output.slice(1), `${output.slice(1)}/x`]) {
        const refused = mergeOf(control(part), { a: '' }, specifications, { TOKEN: SECRET })
        if (!refused.ok) told.push(...refused.problems.map((problem) => JSON.stringify(problem)))
      }
      expect(told.length).toBeGreaterThan(0)
      for (const one of told) {
        expect(one).toContain('MERGE_OUTPUT_INCOMPLETE')
        expect(one.toLowerCase()).not.toContain(SECRET.toLowerCase())
        expect(one).not.toContain(`\`${SECRET.length}\``)
      }
    })

    it('is told where a key of the context has that name: it is none of the environment then', () => {
      const control =
        "environment: { TOKEN: secret }\ncontext: [{ key: TOKEN, type: path, path: specifications.t }]\ntemplates: [{ path: a, merge: true, output: '../{{ TOKEN }}' }]"
      const [problem = ''] = problemsOf(mergeOf(control, { a: '' }, { t: 'known' }, { TOKEN: SECRET }))
      expect(problem).toContain('The output "../known" of a')
    })
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
