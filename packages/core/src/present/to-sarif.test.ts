import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { ERRORS } from '@stage0/types'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { toSarif } from './to-sarif.ts'

/** The schema of the standard, which is of draft 4: what it has of that draft alone is its own name. */
const schemaOf = (): object => {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
  const { $schema: _draft, id: _name, ...schema } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  return schema
}

describe('problems as SARIF', () => {
  const log = toSarif(
    [
      { code: 'REPOSITORY_EMPTY', severity: 'error', text: 'Nothing here.' },
      { code: 'USAGE', severity: 'warning', file: 'a.yaml', pointer: '', text: 'nothing uses "a"', hint: 'Delete it.' },
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
    'file:///home/ada/my%20shop/',
  )
  const isSarif = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schemaOf())

  it('is what the schema of the standard describes, with a place in a file, without one, and for every code', () => {
    expect([isSarif(log), isSarif.errors]).toEqual([true, null])
    const problems = Object.keys(ERRORS).map((code) => ({ code, severity: 'warning' as const, text: 'Odd.' }))
    expect([isSarif(toSarif(problems, '1.2.3')), isSarif.errors]).toEqual([true, null])
    expect(isSarif({ ...log, runs: [{}] })).toBe(false)
  })

  it.each([
    ['where it is', log, { uri: 'file:///home/ada/my%20shop/' }],
    ['but not where it is, to who is elsewhere', toSarif([], '1.2.3'), {}],
  ])('says by what its paths are relative, and %s', (_what, one, where) => {
    expect(one).toMatchObject({ runs: [{ originalUriBaseIds: expect.any(Object) as object }] })
    const [{ originalUriBaseIds }] = (one as { runs: [{ originalUriBaseIds: Record<string, object> }] }).runs
    expect(originalUriBaseIds).toEqual({
      REPOSITORY: { ...where, description: { text: 'The folder that was checked.' } },
    })
    const named = [...JSON.stringify(one).matchAll(/"uriBaseId":"(\w+)"/g)].map(([, name = '']) => name)
    for (const name of named) expect(originalUriBaseIds).toHaveProperty(name)
  })

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

  it('points each result at its rule, and at a place, which a code host demands: the folder where there is no file', () => {
    expect(log).toMatchObject({
      runs: [
        {
          results: [
            {
              ruleId: 'REPOSITORY_EMPTY',
              ruleIndex: 0,
              level: 'error',
              message: { text: 'Nothing here.' },
              locations: [{ physicalLocation: { artifactLocation: { uri: '.', uriBaseId: 'REPOSITORY' } } }],
            },
            { level: 'warning', message: { text: 'nothing uses "a". Delete it.' } },
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

  it('names no place in a file where the whole of it is meant', () => {
    const { results } = (log as { runs: [{ results: { locations: object[] }[] }] }).runs[0]
    expect(results.map(({ locations }) => locations.map((one) => 'logicalLocations' in one))).toEqual([
      ...[[false], [false], [true]],
    ])
  })
})
