import { describe, expect, it } from 'vitest'
import { toSarif } from './to-sarif.ts'

describe('problems as SARIF', () => {
  const log = toSarif(
    [
      { code: 'REPOSITORY_EMPTY', severity: 'error', text: 'Nothing here.' },
      {
        code: 'USAGE',
        severity: 'notice',
        file: 'types/a b.yaml',
        line: 2,
        column: 5,
        pointer: '/root',
        text: 'Look.',
        hint: 'Do.',
      },
    ],
    '1.2.3',
  )

  it('names tool, version, and each rule once with its help', () => {
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          columnKind: 'utf16CodeUnits',
          tool: {
            driver: {
              name: 'stage0',
              version: '1.2.3',
              rules: [{ id: 'REPOSITORY_EMPTY', help: { text: expect.any(String) as string } }, { id: 'USAGE' }],
            },
          },
        },
      ],
    })
  })

  it('points each result at its rule, and at its place where it has one', () => {
    expect(log).toMatchObject({
      runs: [
        {
          results: [
            { ruleId: 'REPOSITORY_EMPTY', ruleIndex: 0, level: 'error', message: { text: 'Nothing here.' } },
            {
              ruleId: 'USAGE',
              ruleIndex: 1,
              level: 'note',
              message: { text: 'Look. Do.' },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'types/a%20b.yaml' },
                    region: { startLine: 2, startColumn: 5 },
                  },
                },
              ],
            },
          ],
        },
      ],
    })
  })
})
