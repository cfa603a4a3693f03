import { expect, it } from 'vitest'
import type { Observed } from './observed.ts'
import { planChanges, planStates } from './plan-changes.ts'
import { collection, index, LOCAL, observed, recorded, version, wanted } from './testing/builders.ts'

const V1 = version('user', '1.0.0.0', { addIndexes: [index('email', { email: 1 })] })
const V2 = version('user', '1.0.1.0')
const repository = wanted([collection('team', version('team', '1.0.0.0')), collection('user', V1, V2)])

it.each<[string, Observed]>([
  ['is empty', observed({})],
  ['is behind and drifted', observed({ versions: [recorded('user', 'user.1.0.0.0', V1.schemaHash)] })],
  ['is ahead', observed({ versions: [recorded('user', 'user.9.0.0.0', undefined)] })],
  ['knows more collections', observed({ versions: [recorded('other', 'other.1.0.0.0', undefined)] })],
])('a database that %s stands where its plan says', (_words, actual) => {
  const { collections } = planChanges(repository, actual, LOCAL)
  expect(collections.length).toBeGreaterThanOrEqual(2)
  expect(planStates(repository, actual, LOCAL)).toEqual(collections)
})
