import { describe, expect, it } from 'vitest'
import { refusedKeyword } from './collections.ts'

describe('the keyword that a server refuses', () => {
  it.each([
    ['Unknown $jsonSchema keyword: nullable', 'nullable'],
    ["$jsonSchema keyword '$ref' is not currently supported", '$ref'],
    ["$jsonSchema keyword 'minimum' must be a number", 'minimum'],
    ['Parsing of collection validator failed :: caused by :: Unknown $jsonSchema keyword: format', 'format'],
    ['no such type', undefined],
  ])('is found in %j', (message, keyword) => {
    expect(refusedKeyword(message)).toBe(keyword)
  })
})
