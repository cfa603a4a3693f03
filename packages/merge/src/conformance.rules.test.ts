import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { conformanceCases, CONFORMANCE_FOLDER } from './testing/conformance-cases.ts'

const cases = conformanceCases()

/** Rows of the table of rules: the rule, and the groups in which it has cases. */
function rows(): readonly (readonly [string, string])[] {
  const lines = readFileSync(`${CONFORMANCE_FOLDER}README.md`, 'utf8').split('\n')
  return lines.flatMap((line) => {
    const [rule, groups] = /^\| `([a-z0-9-]+)` .*\| ([a-z0-9, -]+?) +\|$/.exec(line)?.slice(1) ?? []
    return rule === undefined || groups === undefined ? [] : [[rule, groups] as const]
  })
}

it('every rule of the table has cases, in the groups that the table says, and every case is for rules of the table', () => {
  const groups = new Map<string, Set<string>>()
  for (const { rules, group } of cases)
    for (const rule of rules) groups.set(rule, (groups.get(rule) ?? new Set()).add(group))
  const inCases = Object.fromEntries([...groups].map(([rule, names]) => [rule, [...names].sort().join(', ')]))
  expect(Object.fromEntries(rows())).toEqual(inCases)
})

it('every case is for a rule and has a name of its own in its group', () => {
  const names = cases.map(({ group, name }) => `${group}: ${name}`)
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  expect(cases.filter(({ rules }) => rules.length === 0).map(({ name }) => name)).toEqual([])
})

it('there are as many cases as the language needs', () => {
  expect(cases.length).toBeGreaterThan(600)
})
