import { describe, expect, it } from 'vitest'
import { ERROR_AREAS, ERRORS } from './catalogue.ts'

describe('the error catalogue', () => {
  it('gives a code one meaning: no two areas have the same one', () => {
    const codes = Object.values(ERROR_AREAS).flatMap((area) => Object.keys(area))
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([])
    expect(Object.keys(ERRORS).sort()).toEqual([...codes].sort())
  })

  it.each(Object.entries(ERRORS))('has title, cause and fix for %s', (_code, entry) => {
    for (const text of [entry.title, entry.cause, entry.fix]) expect(text.trim()).not.toBe('')
  })
})
