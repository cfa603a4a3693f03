import type { Problem } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { renderProblemsReview } from './problems-review.ts'

const problem = (text: string, more: Partial<Problem> = {}): Problem => ({
  ...{ code: 'YAML_SYNTAX', severity: 'error', text, pointer: '' },
  ...more,
})

describe('problems for a review', () => {
  it('says how many there are, and where each is, without markup of names', () => {
    const problems = [
      problem('Not <b>good</b>.', { file: 'types/@all.yaml', line: 3, column: 7, hint: 'Look *there*.' }),
      problem('Odd.', { severity: 'warning', file: 'types/b.yaml' }),
      problem('Nowhere.', { severity: 'warning' }),
    ]
    expect(renderProblemsReview(problems)).toBe(
      [
        '## 1 error, 2 warnings',
        '',
        '- **error** `YAML_SYNTAX` types/@&#8203;all.yaml:3:7 Not &lt;b&gt;good&lt;/b&gt;. Look \\*there\\*.',
        '- **warning** `YAML_SYNTAX` types/b.yaml Odd.',
        '- **warning** `YAML_SYNTAX` Nowhere.',
        '',
      ].join('\n'),
    )
  })

  it('says that there is none', () => {
    expect(renderProblemsReview([])).toBe('## No problems\n')
  })

  it('lists as many as fit, counts the rest, and cuts what is longer than a reader needs', () => {
    const problems = Array.from({ length: 500 }, (_, at) => problem(`${at} ${'ü'.repeat(5000)}`))
    const text = renderProblemsReview(problems, 65_536)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536)
    expect(Buffer.byteLength(text)).toBeGreaterThan(60_000)
    const listed = text.match(/\*\*error\*\*/g)?.length ?? 0
    expect(text).toContain(`## 500 errors\n`)
    expect(text).toContain(`- and ${500 - listed} more\n`)
  })
})
