import { describe, expect, it } from 'vitest'
import { problemsOf } from '../testing/merge-of.ts'
import { readControl } from './read-control.ts'

const told = (text: string): readonly string[] => problemsOf(readControl(text))

describe('the control file', () => {
  it('may carry decoration and nothing behind its keys', () => {
    const read = readControl(
      '$schema: x\n$id: y\ntitle: z\nversion: 1\nenvironment:\ncontext:\nrequires:\ntemplates:\n',
    )
    expect(read).toEqual({ ok: true, value: { environment: [], context: [], requires: [], templates: [] } })
  })

  it('declares names of the environment with what they are for', () => {
    const read = readControl('environment: { A: what it is, B: }')
    expect(read.ok && read.value.environment.map(({ name, description }) => [name.text, description])).toEqual([
      ['A', 'what it is'],
      ['B', undefined],
    ])
  })

  it.each([
    ['is empty', '', '-:- TEMPLATE_CONTROL_INVALID The control file is empty.'],
    ['is a list', '- a', '1:1 TEMPLATE_CONTROL_INVALID The control file is a list, not a mapping.'],
    [
      'has an unknown key',
      'templates: []\nsteps: []',
      '2:1 TEMPLATE_CONTROL_INVALID The control file has no key "steps".',
    ],
    ['has a text for a list', 'requires: a.b', '1:11 TEMPLATE_CONTROL_INVALID "requires" is a text, not a list.'],
    [
      'has a list for names',
      'environment: [A]',
      '1:14 TEMPLATE_CONTROL_INVALID "environment" is a list, not a mapping.',
    ],
    [
      'has a name that YAML takes for something else',
      'environment: { NO: x }',
      '1:16 TEMPLATE_CONTROL_INVALID A key of "environment" is true or false, not a name.',
    ],
    [
      'has a number as a requirement',
      'requires: [5]',
      '1:12 TEMPLATE_CONTROL_INVALID A requirement is a number, not a text.',
    ],
    [
      'has an entry without a mode',
      'templates: [{ path: a }]',
      '1:13 TEMPLATE_CONTROL_INVALID The entry has none of the modes merge, mergeFor, mergeFrom, so that nothing would happen to the file.',
    ],
    [
      'has an entry with two modes',
      'templates:\n  - { path: a, merge: true, mergeFor: { items: x, output: y } }',
      '2:5 TEMPLATE_CONTROL_INVALID The entry has 2 modes: merge, mergeFor.',
    ],
    [
      'has two modes beside one that is false',
      'templates:\n  - { path: a, merge: false, mergeFor: { items: x, output: y }, mergeFrom: { items: x, output: y } }',
      '2:5 TEMPLATE_CONTROL_INVALID The entry has 2 modes: mergeFor, mergeFrom.',
    ],
    [
      'has a mode that is a text beside another one',
      'templates:\n  - { path: a, merge: "false", mergeFor: { items: x, output: y } }',
      '2:5 TEMPLATE_CONTROL_INVALID The entry has 2 modes: merge, mergeFor.',
    ],
    [
      'has modes that are all false or empty',
      'templates: [{ path: a, merge: false, mergeFor: {}, mergeFrom: }]',
      '1:13 TEMPLATE_CONTROL_INVALID The entry has none of the modes merge, mergeFor, mergeFrom (merge, mergeFor, mergeFrom are false or empty), so that nothing would happen to the file.',
    ],
    [
      'has one mode that is empty',
      'templates: [{ path: a, mergeFor: }]',
      '1:34 TEMPLATE_CONTROL_INVALID "mergeFor" of an entry is empty, not a mapping.',
    ],
    [
      'has a mode that does not exist',
      'templates: [{ path: a, merge_for: {} }]',
      '1:24 TEMPLATE_CONTROL_INVALID An entry of templates has no key "merge_for".',
    ],
    [
      'merges with false',
      'templates: [{ path: a, merge: false }]',
      '1:31 TEMPLATE_CONTROL_INVALID "merge" is false, and can only be true.',
    ],
    [
      'merges with a text',
      'templates: [{ path: a, merge: "true" }]',
      '1:31 TEMPLATE_CONTROL_INVALID "merge" is a text, and can only be true.',
    ],
    [
      'has the output beside mergeFor',
      'templates: [{ path: a, output: b, mergeFor: { items: x, output: y } }]',
      '1:24 TEMPLATE_CONTROL_INVALID An entry with mergeFor has its output inside of mergeFor.',
    ],
    [
      'has mergeFrom without items',
      'templates: [{ path: a, mergeFrom: { output: y } }]',
      '1:24 TEMPLATE_CONTROL_INVALID "items" of mergeFrom is missing.',
    ],
    [
      'has an entry without a path',
      'templates: [{ merge: true }]',
      '1:13 TEMPLATE_CONTROL_INVALID "path" of an entry is missing.',
    ],
    [
      'has a directive of an unknown type',
      'context: [{ key: a, type: query, path: b }]',
      '1:27 TEMPLATE_CONTROL_INVALID There is no type "query" of a directive.',
    ],
    [
      'has a selector without a filter',
      'context: [{ key: a, type: selector, path: b }]',
      '1:11 TEMPLATE_CONTROL_INVALID A directive of type selector needs a filter.',
    ],
    [
      'has a path with a filter',
      'context: [{ key: a, type: path, path: b, filter: {} }]',
      '1:42 TEMPLATE_CONTROL_INVALID A directive of type path has no filter.',
    ],
    [
      'filters by a number',
      'context: [{ key: a, type: selector, path: b, filter: { property: port, value: 8393 } }]',
      '1:79 TEMPLATE_CONTROL_INVALID "value" of a directive is a number, not a text.',
    ],
    [
      'has a key twice',
      'requires: []\nrequires: []',
      '2:1 TEMPLATE_CONTROL_INVALID The key "requires" is there twice, before in line 1.',
    ],
  ])('that %s is refused', (_what, text, problem) => {
    expect(told(text)).toEqual([problem])
  })

  it('that is no YAML is told with line and column', () => {
    expect(told('templates:\n  - [')).toEqual([expect.stringMatching(/^\d+:\d+ TEMPLATE_CONTROL_NOT_PARSABLE /)])
  })

  it('tells everything that is wrong at once, and what is meant', () => {
    const read = readControl('a: 1\nrequires: [1]\ntemplates: [{ path: x, MergeFor: {} }]')
    expect(read.ok ? [] : read.problems.map(({ at }) => at?.line)).toEqual([1, 2, 3])
    expect(read.ok ? [] : read.problems.map(({ hint }) => hint)).toContain('Did you mean "mergeFor"?')
  })
})
