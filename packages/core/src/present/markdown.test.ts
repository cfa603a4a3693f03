import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fenced, html, inline } from './markdown.ts'

describe('text of unknown origin in Markdown', () => {
  it.each([
    ['markup', '**a** _b_ `c` ~d~ [e](f) | g', '\\*\\*a\\*\\* \\_b\\_ \\`c\\` \\~d\\~ \\[e\\](f) \\| g'],
    ['an element', '<img src=x onerror="y">&lt;', '&lt;img src=x onerror=&quot;y&quot;&gt;&amp;lt;'],
    ['the end of a comment', '--> <!--', '--&gt; &lt;!--'],
    ['a mention of a person', '@octocat', '@&#8203;octocat'],
    ['the number of an issue', 'a/b#1', 'a/b#&#8203;1'],
    ['a link', 'https://evil.test www.evil.test', 'https:\\/\\/evil.test www\\.evil.test'],
    ['a list', '- a', '\\- a'],
    ['a numbered list', '12. a', '12\\. a'],
    ['a heading', '# a', '#&#8203; a'],
    ['several lines', 'a\r\n\n# b\tc', 'a #&#8203; b c'],
    ['another direction of writing', 'a\u202eb', 'a\\\\u202eb'],
    ['a control character', 'a\u001b[2Jb', 'a\\\\u001b\\[2Jb'],
  ])('is not %s', (_what, text, written) => {
    expect(inline(text)).toBe(written)
  })

  it('is one line without an element, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const written of [inline(text), html(text)]) {
          expect(written).not.toMatch(/[\n\r<>]/)
          expect(written).not.toMatch(/[@#](?!&#8203;)(?!8203;)/)
        }
      }),
    )
  })

  it('closes no block of code', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('`', 'a', '\n', ' ') }), { minLength: 1 }), (lines) => {
        const [first = '', ...rest] = fenced('diff', lines)
        const fence = first.slice(0, -'diff'.length)
        expect(fence.length).toBeGreaterThanOrEqual(3)
        expect(rest).toHaveLength(lines.length + 1)
        expect(rest.filter((line) => line.includes(fence))).toEqual([fence])
      }),
    )
  })
})
