import { expect, it } from 'vitest'
import { DESTINATIONS, navItems } from './navigation.ts'

const items = (problems: number | undefined, isRunning: boolean) => navItems((id) => id, { problems, isRunning })

it('the pages of the library stand below the library, in the middle', () => {
  expect(items(0, false).map(({ label }) => label)).toEqual([
    'overview',
    'collections',
    'library',
    'problems',
    'runs',
    'settings',
  ])
  expect(items(0, false)[2]?.children?.map(({ label }) => label)).toEqual([
    'types',
    'schemas',
    'enumerators',
    'migrations',
    'testData',
  ])
})

it('problems are counted where there are any', () => {
  const countOf = (problems: number | undefined) =>
    items(problems, false).find(({ label }) => label === 'problems')?.count
  expect(countOf(3)).toBe(3)
  expect(countOf(0)).toBeUndefined()
  expect(countOf(undefined)).toBeUndefined()
})

it('a run that goes on is told beside the runs alone', () => {
  expect(
    items(0, true)
      .filter(({ live }) => live)
      .map(({ label }) => label),
  ).toEqual(['runs'])
})

it('no two pages have the same keys', () => {
  expect(new Set(DESTINATIONS.map(({ keys }) => keys)).size).toBe(DESTINATIONS.length)
})
