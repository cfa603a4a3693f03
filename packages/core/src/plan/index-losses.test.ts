import { describe, expect, it } from 'vitest'
import { doc } from '@stage0/bson-schema'
import { indexForm } from './index-form.ts'
import { lossesOf } from './index-losses.ts'
import { planChanges } from './plan-changes.ts'
import {
  collection,
  index,
  LOCAL,
  observed,
  observedCollection,
  recorded,
  version,
  wanted,
} from './testing/builders.ts'
import type { WantedIndex } from './wanted.ts'

const V = version('user', '1.0.1.0')
const ID = index('_id_', { _id: 1 })
const losses = (gone: WantedIndex, ...left: readonly WantedIndex[]): string[] =>
  lossesOf(
    V,
    indexForm(gone),
    [ID, ...left].map((one) => indexForm(one)),
  ).map(({ code }) => code)

describe('queries lose an index that is dropped', () => {
  const plain = index('i', { a: 1 })
  it.each<[string, WantedIndex, WantedIndex[], boolean]>([
    ['when no other one is there', plain, [], true],
    ['when the others begin with other fields', plain, [index('j', { b: 1, a: 1 })], true],
    ['not when another one begins with its fields', plain, [index('j', { a: 1, b: 1 })], false],
    ['not when another one has them the other way round', plain, [index('j', { a: -1 })], false],
    [
      'not when all of several fields are the other way round',
      index('i', { a: 1, b: -1 }),
      [index('j', { a: -1, b: 1 })],
      false,
    ],
    [
      'when some of several fields are the other way round',
      index('i', { a: 1, b: -1 }),
      [index('j', { a: 1, b: 1 })],
      true,
    ],
    ['when the other one is hidden', plain, [index('j', { a: 1 }, { hidden: true })], true],
    ['when the other one does not hold all documents', plain, [index('j', { a: 1 }, { sparse: true })], true],
    ['when the other one orders texts otherwise', plain, [index('j', { a: 1 }, { collation: { locale: 'de' } })], true],
    ['not when the other one holds more documents', index('i', { a: 1 }, { sparse: true }), [plain], false],
    ['not when a hashed one is served by an ordered one', index('i', { a: 'hashed' }), [plain], false],
    ['when an ordered one has only a hashed one left', plain, [index('j', { a: 'hashed' })], true],
    ['not when it was hidden', index('i', { a: 1 }, { hidden: true }), [], false],
  ])('%s', (_when, gone, left, isLost) => {
    expect(losses(gone, ...left)).toEqual(isLost ? ['LI'] : [])
  })
})

describe('uniqueness is lost with an index', () => {
  const hidden = (name: string, key: { [path: string]: 1 }, options = {}) =>
    index(name, key, { unique: true, hidden: true, ...options })
  it.each<[string, WantedIndex, WantedIndex[], boolean]>([
    ['when no other unique one is there', hidden('i', { a: 1 }), [index('j', { a: 1 })], true],
    [
      'not when a unique one on the same fields is there',
      hidden('i', { a: 1, b: 1 }),
      [hidden('j', { b: 1, a: 1 })],
      false,
    ],
    [
      'not when a unique one on some of its fields is there',
      hidden('i', { a: 1, b: 1 }),
      [hidden('j', { b: 1 })],
      false,
    ],
    ['when the unique one has more fields', hidden('i', { a: 1 }), [hidden('j', { a: 1, b: 1 })], true],
    [
      'when the unique one leaves documents out',
      hidden('i', { a: 1 }),
      [hidden('j', { a: 1 }, { sparse: true })],
      true,
    ],
    ['not when _id is among its fields', hidden('i', { _id: 1, a: 1 }), [], false],
  ])('%s', (_when, gone, left, isLost) => {
    expect(losses(gone, ...left)).toEqual(isLost ? ['LU'] : [])
  })
})

it('documents no longer expire when the index that deletes them goes, unless another one deletes by its field', () => {
  const ttl = (name: string, seconds: number) => index(name, { a: 1 }, { expireAfterSeconds: seconds, hidden: true })
  expect([losses(ttl('i', 5)), losses(ttl('i', 5), ttl('j', 9))]).toEqual([['LI'], []])
})

it('each loss is told with the advice that is for it, and accepted by the name of the index', () => {
  const email = index('email', { email: 1 }, { unique: true })
  const first = version('user', '1.0.0.0', { addIndexes: [email] })
  const next = version('user', '1.0.1.0', {
    dropIndexes: ['email'],
    allow: [{ code: 'LI', path: 'email', reason: 'nobody asks for it' }],
  })
  const state = observed({
    collections: [
      observedCollection('user', { indexes: [{ name: '_id_', key: doc({ _id: 1 }), options: doc({}) }, email] }),
    ],
    versions: [recorded('user', 'user.1.0.0.0', first.schemaHash)],
  })
  const plan = planChanges(wanted([collection('user', first, next)]), state, LOCAL)
  expect(plan.steps.find(({ kind }) => kind === 'dropIndex')?.risks).toMatchObject([
    {
      code: 'LI',
      path: 'email',
      accepted: 'nobody asks for it',
      safer: expect.stringContaining('hidden: true') as string,
    },
    { code: 'LU', path: 'email', accepted: undefined, why: expect.stringContaining('Equal values') as string },
  ])
})
