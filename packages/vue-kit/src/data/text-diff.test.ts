// @vitest-environment happy-dom
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { mountKit } from '../testing/mount-kit.ts'
import { diffLists } from './diff-lines.ts'
import { diffRows, type DiffFold, type DiffLine } from './diff-rows.ts'
import TextDiff from './TextDiff.vue'

afterEach(() => document.body.replaceChildren())

/** Rows as an editor would show them: `-1|` removed line 1, `+2|` added line 2, ` 3 4|` unchanged, `~5` five folded. */
const show = (rows: readonly (DiffLine | DiffFold)[]) =>
  rows.map((row) => {
    if (row.kind === 'fold') return `~${row.lines.length}`
    const text = row.words.map((word) => (word.isChanged ? `[${word.text}]` : word.text)).join('')
    if (row.kind === 'removed') return `-${row.before}|${text}`
    return row.kind === 'added' ? `+${row.after}|${text}` : ` ${row.before} ${row.after}|${text}`
  })
const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}`)

describe('the difference of two texts', () => {
  it.each([
    { case: 'the same text', before: 'a\nb\n', after: 'a\nb\n', rows: ['~2'] },
    { case: 'nothing before', before: '', after: 'a\n', rows: ['+1|a'] },
    { case: 'nothing after', before: 'a\n', after: '', rows: ['-1|a'] },
    {
      case: 'a word',
      before: 'kind: int now',
      after: 'kind: long now',
      rows: ['-1|kind: [int] now', '+1|kind: [long] now'],
    },
    {
      case: 'a line with little in common',
      before: 'abcdef',
      after: 'ghijkl mnop',
      rows: ['-1|abcdef', '+1|ghijkl mnop'],
    },
    { case: 'a line between others', before: 'a\nc', after: 'a\nb\nc', rows: [' 1 1|a', '+2|b', ' 2 3|c'] },
    {
      case: 'more lines than before',
      before: 'a\nx 1 x\nb',
      after: 'a\nx 2 x\nnew\nb',
      rows: [' 1 1|a', '-2|x [1] x', '+2|x [2] x', '+3|new', ' 3 4|b'],
    },
  ])('shows $case', ({ before, after, rows }) => {
    expect(show(diffRows(before, after))).toEqual(rows)
  })

  it('folds what is unchanged but for three lines around a change', () => {
    const before = lines(20)
    const after = before.with(9, 'other')
    expect(show(diffRows(before.join('\n'), after.join('\n')))).toEqual([
      '~6',
      ...[7, 8, 9].map((at) => ` ${at} ${at}|line ${at}`),
      '-10|line 10',
      '+10|other',
      ...[11, 12, 13].map((at) => ` ${at} ${at}|line ${at}`),
      '~7',
    ])
  })

  it('makes the text after from the text before, with the fewest edits that a long common part allows', () => {
    const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 24 })
    fc.assert(
      fc.property(list, list, (before, after) => {
        const parts = diffLists(before, after)
        const of = (kinds: readonly string[], from: readonly string[], side: 'before' | 'after') =>
          parts
            .filter(({ kind }) => kinds.includes(kind))
            .flatMap((part) => from.slice(part[side], part[side] + part.length))
        expect(of(['same', 'removed'], before, 'before')).toEqual(before)
        expect(of(['same', 'added'], after, 'after')).toEqual(after)
        expect(of(['same'], before, 'before')).toEqual(of(['same'], after, 'after'))
        expect(of(['same'], before, 'before')).toHaveLength(longestCommon(before, after))
      }),
    )
  })

  it('shows two long texts without anything in common as replaced', () => {
    const parts = diffLists(
      lines(4000),
      lines(4000).map((line) => `${line}x`),
    )
    expect(parts.map(({ kind, length }) => `${kind} ${length}`)).toEqual(['removed 4000', 'added 4000'])
  })
})

describe('the view of a difference', () => {
  it('says that nothing changed', async () => {
    const { wrapper } = await mountKit(TextDiff, { props: { before: 'a', after: 'a', label: 'Change' } })
    expect(wrapper.text()).toBe('The two texts are the same')
  })
  it('tells readers what was added and removed, and unfolds', async () => {
    const before = lines(20)
    const { wrapper } = await mountKit(TextDiff, {
      props: { before: before.join('\n'), after: before.with(19, 'line 20 new').join('\n'), label: 'Change' },
    })
    expect(wrapper.get('tr.removed').text()).toContain('Removed: line 20')
    expect(wrapper.get('tr.added').text()).toContain('Added: line 20')
    expect(wrapper.get('tr.added mark').text()).toBe('new')
    expect(wrapper.get('.unfold').text()).toBe('16 unchanged lines')
    await wrapper.get('.unfold').trigger('click')
    expect(wrapper.findAll('tr.same')).toHaveLength(19)
  })
})

/** The length of the longest common subsequence, by the textbook's table. */
function longestCommon(one: readonly string[], other: readonly string[]): number {
  let row = new Array<number>(other.length + 1).fill(0)
  for (const item of one) {
    const next = [0]
    for (const [at, candidate] of other.entries()) {
      next.push(item === candidate ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0))
    }
    row = next
  }
  return row[other.length] ?? 0
}
