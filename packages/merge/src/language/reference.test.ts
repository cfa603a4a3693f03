import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { filterNames, findFilter } from './filters/all-filters.ts'
import { testNames } from './tests/all-tests.ts'

const REFERENCE = readFileSync(new URL('../../../../docs/templates.md', import.meta.url), 'utf8')

/** What stands between a heading of the reference and the next one. */
function section(heading: string): string {
  const text = REFERENCE.split(/^#+ (?=[^#])/m).find((part) => part.startsWith(`${heading}\n`))
  if (text === undefined) throw new Error(`The reference of templates has no "${heading}"`)
  return text
}

const codes = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

/** A filter as the reference writes it: `replace(old, new, count?)`. */
function asWritten(name: string): string {
  const filter = findFilter(name)
  if (filter === undefined) throw new Error(`There is no filter ${name}`)
  const { parameters, required, isOpen } = filter.signature
  const given = parameters.map((parameter, at) => (at < required ? parameter : `${parameter}?`))
  const all = isOpen === true ? ['...', ...given] : given
  return all.length === 0 ? name : `${name}(${all.join(', ')})`
}

describe('the reference of templates', () => {
  it('lists every filter with its arguments, and no other', () => {
    const rows = section('Filters').split('\n')
    const first = rows.filter((row) => row.startsWith('|')).map((row) => row.split('|')[1] ?? '')
    expect(codes(first.join('\n')).toSorted()).toEqual(filterNames.map(asWritten).toSorted())
  })

  it('lists every test by all of its names, and no other', () => {
    expect(codes(section('Tests')).toSorted()).toEqual([...testNames].toSorted())
  })
})
