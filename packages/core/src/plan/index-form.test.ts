import { doc, double, type Plain } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { indexDifference, indexForm, sameIdentity } from './index-form.ts'

type Literal = { readonly [key: string]: Plain }
const form = (key: Literal, options: Literal = {}, inherited?: Literal) =>
  indexForm({ name: 'i', key: doc(key), options: doc(options) }, inherited && doc(inherited))

const EN = {
  locale: 'en',
  caseLevel: false,
  caseFirst: 'off',
  strength: 3,
  numericOrdering: false,
  alternate: 'non-ignorable',
  maxVariable: 'punct',
  normalization: false,
  backwards: false,
  version: '57.1',
}

describe('an index as declared equals what the server tells of it', () => {
  it.each<{ readonly what: string; readonly declared: [Literal, Literal?]; readonly told: [Literal, Literal?] }>([
    {
      what: 'false flags',
      declared: [{ a: 1 }, { unique: false, sparse: false, hidden: false, background: true }],
      told: [{ a: 1 }, { v: 2 }],
    },
    {
      what: 'numbers of other types',
      declared: [{ a: 1, b: -1 }, { expireAfterSeconds: 60 }],
      told: [{ a: double(1), b: -1n }, { expireAfterSeconds: double(60) }],
    },
    {
      what: 'a collation with defaults',
      declared: [{ a: 1 }, { collation: { locale: 'en' } }],
      told: [{ a: 1 }, { collation: EN }],
    },
    {
      what: 'a collation with a locale of its own defaults',
      declared: [{ a: 1 }, { collation: { locale: 'fr_CA' } }],
      told: [{ a: 1 }, { collation: { ...EN, locale: 'fr_CA', backwards: true } }],
    },
    { what: 'the simple collation', declared: [{ a: 1 }, { collation: { locale: 'simple' } }], told: [{ a: 1 }] },
    {
      what: 'a text index',
      declared: [{ a: 1, title: 'text', body: 'text', z: 1 }, { weights: { title: 5 } }],
      told: [
        { a: 1, _fts: 'text', _ftsx: 1, z: 1 },
        {
          weights: { body: 1, title: 5 },
          default_language: 'english',
          language_override: 'language',
          textIndexVersion: 3,
        },
      ],
    },
    {
      what: 'a wildcard text index',
      declared: [{ '$**': 'text' }],
      told: [
        { _fts: 'text', _ftsx: 1 },
        { weights: { '$**': 1 }, textIndexVersion: 3 },
      ],
    },
    {
      what: 'a 2dsphere index',
      declared: [{ at: '2dsphere' }],
      told: [{ at: '2dsphere' }, { '2dsphereIndexVersion': 3 }],
    },
    {
      what: 'the order of options inside a filter',
      declared: [{ a: 1 }, { partialFilterExpression: { a: 1, b: 2 } }],
      told: [{ a: 1 }, { partialFilterExpression: { b: 2, a: 1 } }],
    },
  ])('$what', ({ declared, told }) => {
    expect(indexDifference(form(...declared), form(...told))).toEqual([])
    expect(indexDifference(form(...told), form(...declared))).toEqual([])
  })
  it('takes on the collation of its collection', () => {
    expect(indexDifference(form({ a: 1 }, {}, { locale: 'en' }), form({ a: 1 }, { collation: EN }))).toEqual([])
  })
})

describe('indexDifference', () => {
  it.each<{ readonly wanted: [Literal, Literal?]; readonly actual: [Literal, Literal?]; readonly words: string[] }>([
    { wanted: [{ a: 1, b: 1 }], actual: [{ b: 1, a: 1 }], words: ['key is {b: 1, a: 1}, wanted {a: 1, b: 1}'] },
    { wanted: [{ a: 1 }, { unique: true }], actual: [{ a: 1 }], words: ['unique is missing, wanted true'] },
    { wanted: [{ a: 1 }], actual: [{ a: 1 }, { sparse: true }], words: ['sparse is true, not wanted'] },
    {
      wanted: [{ a: 1 }, { expireAfterSeconds: 5 }],
      actual: [{ a: 1 }, { expireAfterSeconds: 6 }],
      words: ['expireAfterSeconds is 6, wanted 5'],
    },
    {
      wanted: [{ a: 'text' }],
      actual: [{ _fts: 'text', _ftsx: 1 }, { weights: { b: 1 } }],
      words: ['weights is {b: 1}, wanted {a: 1}'],
    },
  ])('tells $words', ({ wanted, actual, words }) => {
    expect(indexDifference(form(...wanted), form(...actual))).toEqual(words)
  })
})

describe('sameIdentity', () => {
  it.each<{ readonly options: Literal; readonly same: boolean }>([
    { options: {}, same: true },
    { options: { expireAfterSeconds: 5 }, same: true },
    { options: { unique: true }, same: false },
    { options: { sparse: true }, same: false },
    { options: { partialFilterExpression: { a: 1 } }, same: false },
    { options: { collation: { locale: 'de' } }, same: false },
  ])('of an index with $options beside a plain one: $same', ({ options, same }) => {
    expect(sameIdentity(form({ a: 1 }), form({ a: 1 }, options))).toBe(same)
  })
})

it('a collation that differs is told by its locale and what it has otherwise than by default', () => {
  const [wanted, actual] = [{ locale: 'en', strength: 2 }, { locale: 'fr_CA' }].map((collation) =>
    form({ a: 1 }, { collation }),
  )
  if (wanted === undefined || actual === undefined) throw new TypeError('two forms were made')
  expect(indexDifference(wanted, actual)).toEqual([
    'collation is {locale: "fr_CA", backwards: true}, wanted {locale: "en", strength: 2}',
  ])
  expect(indexDifference(wanted, form({ a: 1 }))).toEqual(['collation is missing, wanted {locale: "en", strength: 2}'])
})
