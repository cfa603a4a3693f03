import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonFault } from './json-fault.ts'

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('where a text stops being JSON', () => {
  it.each([
    ['', 0],
    [' ', 1],
    ['{"a": object}', 6],
    ['{\n<<<<<<< HEAD\n', 2],
    ['{"a": 1,}', 8],
    ['{"a" 1}', 5],
    ['[1 2]', 3],
    ['[1,', 3],
    ['[1]]', 3],
    ['[}', 1],
    ['{a: 1}', 1],
    ['"a\nb"', 0],
    ['"\\x"', 0],
    ['"a', 0],
    ['01', 1],
    ['nul', 0],
  ])('%j: at %i', (text, at) => expect(jsonFault(text)).toBe(at))

  it('is nowhere in JSON, and somewhere in everything else', () => {
    const text = fc.oneof(
      fc.json(),
      fc
        .json()
        .chain((json) =>
          fc
            .tuple(fc.nat(json.length), fc.string({ maxLength: 2 }), fc.nat(2))
            .map(([at, more, less]) => json.slice(0, at) + more + json.slice(at + less)),
        ),
      fc
        .array(fc.constantFrom('[', ']', '{', '}', ',', ':', '"a"', '1', 'true', ' ', '\\', '"'), { maxLength: 9 })
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, (json) => {
        const fault = jsonFault(json)
        expect(fault === undefined).toBe(isJson(json))
        expect(fault ?? 0).toBeLessThanOrEqual(json.length)
      }),
      { numRuns: 2000 },
    )
  })
})
