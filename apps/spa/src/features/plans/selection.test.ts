import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chosenOf, queryOf, scopeOf, selectionOf, selectionOfScope, type Selection } from './selection.ts'

const ALL = [
  { name: 'organization', isBehind: false },
  { name: 'user', isBehind: true },
]
const EVERYTHING: Selection = { which: 'all', collections: [], versions: {}, testData: 'default' }

describe('the selection of what is planned', () => {
  it.each([
    { query: {}, selection: EVERYTHING },
    { query: { which: 'chosen' }, selection: { ...EVERYTHING, which: 'chosen' } },
    { query: { which: 'behind' }, selection: { ...EVERYTHING, which: 'behind' } },
    { query: { collections: 'user,user,,' }, selection: { ...EVERYTHING, which: 'chosen', collections: ['user'] } },
    { query: { which: 'nonsense', test_data: 'maybe' }, selection: EVERYTHING },
    {
      query: { to: 'user:1.0.0.1,:2,x:,organization:1.1.0.2', test_data: 'no' },
      selection: { ...EVERYTHING, versions: { user: '1.0.0.1', organization: '1.1.0.2' }, testData: 'no' },
    },
  ])('is read from the address $query', ({ query, selection }) => {
    expect(selectionOf(query)).toEqual(selection)
  })

  it('stands whole in the address', () => {
    const name = fc.stringMatching(/^[a-z][a-z_]{0,8}$/)
    const selections = fc.record({
      which: fc.constantFrom('all', 'behind', 'chosen'),
      collections: fc.uniqueArray(name, { maxLength: 4 }),
      versions: fc.dictionary(name, fc.stringMatching(/^\d(\.\d){3}$/), { noNullPrototype: true }),
      testData: fc.constantFrom('default', 'yes', 'no'),
    })
    fc.assert(
      fc.property(selections, (selection) => {
        expect(selectionOf(queryOf(selection as Selection))).toEqual(selection)
      }),
    )
  })

  it('means all, those behind, or those that are chosen and there', () => {
    expect(chosenOf(EVERYTHING, ALL)).toEqual(['organization', 'user'])
    expect(chosenOf({ ...EVERYTHING, which: 'behind' }, ALL)).toEqual(['user'])
    expect(chosenOf({ ...EVERYTHING, which: 'chosen', collections: ['user', 'gone'] }, ALL)).toEqual(['user'])
  })

  it('asks for all without naming them, and for targets of chosen collections only', () => {
    expect(scopeOf(EVERYTHING, ['organization', 'user'])).toEqual({})
    const some: Selection = {
      which: 'chosen',
      collections: ['user'],
      versions: { user: '1.0.0.1', organization: '1.0.0.1' },
      testData: 'yes',
    }
    expect(scopeOf(some, ['user'])).toEqual({
      collections: ['user'],
      versions: { user: '1.0.0.1' },
      load_test_data: true,
    })
  })

  it('comes back from the scope of a plan', () => {
    expect(selectionOfScope({})).toEqual(EVERYTHING)
    const scope = { collections: ['user'], versions: { user: '1.0.0.1' }, load_test_data: false }
    const selection = selectionOfScope(scope)
    expect(scopeOf(selection, ['user'])).toEqual(scope)
  })
})
