import { describe, expect, it } from 'vitest'
import { changed } from './change-file.ts'
import { missingLine } from './compare-output.ts'
import { readBlocks } from './read-blocks.ts'

describe('the blocks of a page', () => {
  const fence = '```'
  it('say what is to be done with each', () => {
    const page = [
      ...[`${fence}sh exit=4`, 'stage0 check', fence, '', `${fence}text`, 'no', fence],
      ...[`${fence}sh not-run="it costs money"`, 'pay', fence, `${fence}diff title="a/b.yaml"`, '+x', fence],
      ...[`${fence}sh terminal=2`, 'serve', fence, ''],
    ].join('\n')
    expect(readBlocks(page)).toEqual([
      { kind: 'commands', line: 1, text: 'stage0 check\n', exit: 4, terminal: 1 },
      { kind: 'output', line: 5, text: 'no\n' },
      { kind: 'skipped', line: 8, text: 'pay\n', why: 'it costs money' },
      { kind: 'change', line: 11, text: '+x\n', path: 'a/b.yaml' },
      { kind: 'commands', line: 14, text: 'serve\n', exit: 0, terminal: 2 },
    ])
  })

  it('are never passed over in silence', () => {
    expect(() => readBlocks(`${fence}yaml\na: 1\n${fence}\n`)).toThrow('line 1: a block of yaml')
  })
})

describe('an output', () => {
  it.each([
    ['the same', 'a\nb', 'a\nb', undefined],
    [
      'other times, identifiers and sizes',
      '2026-01-01T00:00:00.000Z  1.2 s',
      '2027-12-31T23:59:59.999Z     15 ms',
      undefined,
    ],
    ['lines left out in the middle', 'a\n...\nd', 'a\nb\nc\nd', undefined],
    ['a line more at the end', 'a', 'a\nb', 'nothing more, and not: b'],
    ['a line that does not come', 'a\nx', 'a\nb', 'x'],
    ['lines in another order', '...\nb\n...\na\n...', 'a\nb', 'a'],
    ['a line between two that follow each other', 'a\nc', 'a\nb\nc', 'c'],
    ['another number', '4 of 4 documents', '3 of 4 documents', '4 of 4 documents'],
  ])('with %s', (_, said, came, missing) => expect(missingLine(said, came)).toBe(missing))
})

describe('a change', () => {
  it('is made where it fits, and only there', () => {
    expect(changed('a\nb\nc\n', ' a\n-b\n+x\n+y\n')).toBe('a\nx\ny\nc\n')
    expect(() => changed('a\n', ' b\n+x\n')).toThrow('0 times')
    expect(() => changed('a\na\n', ' a\n+x\n')).toThrow('2 times')
    expect(() => changed('a\n', 'a\n')).toThrow('begins with none of')
  })
})
