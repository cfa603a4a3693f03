import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayHang } from './pattern-hang.ts'
import { checkTexts, thingWith } from './testing/files.ts'

/** Parts of patterns and whether one can read a text, each in one way. */
const PARTS: Readonly<Record<string, (text: string) => boolean>> = {
  a: (text) => text === 'a',
  b: (text) => text === 'b',
  'a+': (text) => text.length > 0 && [...text].every((one) => one === 'a'),
  'b?': (text) => text === '' || text === 'b',
  '(a|b)': (text) => text.length === 1,
  '(ab)*': (text) => text === 'ab'.repeat(text.length / 2),
  '[ab]': (text) => text.length === 1,
  'a{1,2}': (text) => text === 'a' || text === 'aa',
}

/** In how many ways repetitions of these parts read the whole of a text of a and b; empty rounds do not count. */
function waysToRead(body: readonly string[], text: string): number {
  const ways = [1]
  for (let start = 0; start < text.length; start++) {
    let round = new Map([[start, ways[start] ?? 0]])
    for (const part of body) {
      const next = new Map<number, number>()
      for (const [from, count] of round) {
        for (let to = from; to <= text.length; to++) {
          if (PARTS[part]?.(text.slice(from, to)) === true) next.set(to, (next.get(to) ?? 0) + count)
        }
      }
      round = next
    }
    for (const [to, count] of round) if (to > start) ways[to] = (ways[to] ?? 0) + count
  }
  return ways[text.length] ?? 0
}

describe('a pattern that may take for ever', () => {
  it.each([
    '^(a+)+$',
    '^(a*)*$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '^(\\w+\\s?)*$',
    '^([a-zA-Z0-9]+)*@x$',
    '^(a?b?)*c$',
    '^([^x]+,?)+;$',
    '^(?:.*,)*end$',
    '^(x+x+)+y$',
    '^(a{1,3})+$',
    '^([\\w.]+\\.?)+@',
    '(?<n>a+)+b',
    '^(\\d+|[0-9a-f]+)*$',
    '^((ab)*|(ba)*a?b?)*c$',
    '^(a+){1,40}$',
    '^(.+)*x',
    '^(\\x61+|b)+\\b',
    '^(\\s*\\w+\\s*)+;$',
  ])('is found: %s', (pattern) => {
    expect(mayHang(pattern)).toBe(true)
  })

  it.each([
    '^[^\\s@]+@[^\\s@]+$',
    '^\\S+$',
    '^[^\\s]{1,40}$',
    '^(a+b)+$',
    '^\\w+( \\w+)*$',
    '^([a-z]+\\.)+[a-z]{2,}$',
    '^([0-9a-f]{24})+$',
    '^[0-9a-f]{24}$',
    '^(\\d{1,3}\\.){3}\\d{1,3}$',
    '^(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}$',
    '^(a|b)*$',
    '^(ab|ac)*d$',
    '^https?://[\\w.-]+(/[\\w./-]*)?$',
    '(a+)+',
    '^(a+)+',
    '^\\d{4}-\\d{2}-\\d{2}T(\\d{2}:)+\\d{2}(\\.\\d+)?Z$',
    '^(?=.*\\d)(?=.*[a-z]).{8,}$',
    '^[a-z0-9]+(?:-[a-z0-9]+)*$',
    '^[]-]*$',
    '',
    '(',
    '^(\\p{L}+)+$',
    '^(?>a+)+$',
    '^(a)\\1+$',
  ])('is not found: %s', (pattern) => {
    expect(mayHang(pattern)).toBe(false)
  })

  it('is judged in bounded time, whatever the pattern', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '.', '(', ')', '|', '*', '+', '?', '{9}', '{2,}', '[^a]', '\\w', '\\', '$'), {
          maxLength: 60,
        }),
        (parts) => {
          expect(typeof mayHang(parts.join(''))).toBe('boolean')
        },
      ),
    )
    expect(mayHang(`^${'(\\w?'.repeat(90)}${')*'.repeat(90)}$`)).toBe(true)
    expect(mayHang(`^(${'[a-z]{4}?.'.repeat(2000)})*$`)).toBe(false)
  })

  it('is found wherever the ways to read a text grow without bound', () => {
    const part = fc.constantFrom(...Object.keys(PARTS))
    const bodies = fc.array(part, { minLength: 1, maxLength: 3 })
    let explosive = 0
    fc.assert(
      fc.property(bodies, fc.constantFrom('*', '+'), (body, times) => {
        const ways = Math.max(...['a', 'ab', 'aab', 'b'].map((text) => waysToRead(body, text.repeat(60).slice(0, 60))))
        if (ways < 1e7) return
        explosive++
        expect(mayHang(`^(${body.join('')})${times}$`), body.join('')).toBe(true)
      }),
      { numRuns: 400 },
    )
    expect(explosive).toBeGreaterThan(20)
  })

  it('PATTERN_MAY_HANG is told as a warning at the pattern, once, also in names of patternProperties', () => {
    const { problems } = checkTexts(
      thingWith([
        '{name: a, type: simple, schema: {type: string, pattern: "^(a+)+$"}}',
        '{name: b, type: complex, json_type: {type: string}, bson_type: {bsonType: object, patternProperties: {"^(a+)+$": {bsonType: string}}}}',
        '{name: c, type: simple, schema: {type: string, pattern: "^a+$"}}',
      ]),
    )
    const found = problems.filter((one) => one.code === 'PATTERN_MAY_HANG')
    expect(found.map((one) => [one.severity, one.pointer])).toEqual([
      ['warning', '/root/properties/1/schema/pattern'],
      ['warning', '/root/properties/2/bson_type/patternProperties/^(a+)+$'],
    ])
    expect(found[0]?.text).toContain('the pattern "^(a+)+$" may take for ever')
  })
})
