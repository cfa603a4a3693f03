import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePcre } from './pcre.ts'

function pattern(source: string, options = ''): RegExp {
  const result = compilePcre(source, options)
  if (!result.ok) throw new Error(`${source}: ${result.error}`)
  return result.value.regex
}

describe('translation', () => {
  it.each([
    // anchors
    ['^a$', '', ['a', 'a\n'], ['a\n\n', 'ba', 'a\r']],
    ['^a$', 'm', ['b\na\nc', 'a\n'], ['b\rac']],
    ['^', 'm', ['', 'a\n'], []],
    ['\\Aa\\z', 'm', ['a'], ['a\n', 'b\na']],
    ['a\\Z', '', ['a', 'a\n'], ['ab']],
    // the dot and code points
    ['^.$', '', ['a', '\u{1f600}', '\r', '\u2028'], ['\n', 'ab']],
    ['^.$', 's', ['\n'], []],
    ['^\\N$', 's', ['a'], ['\n']],
    // ASCII classes
    ['^\\d+$', '', ['09'], ['٣']],
    ['^\\w+$', '', ['aZ_9'], ['é']],
    ['^\\s$', '', [' ', '\v', '\f'], ['\u00a0', '\ufeff']],
    ['^\\h\\v$', '', ['\u00a0\u2028'], ['ab']],
    ['^\\R$', '', ['\r\n', '\n', '\u0085'], ['\n\r']],
    ['^[[:alpha:]]+$', '', ['aZ'], ['é', '1']],
    ['^[[:^digit:]x]$', '', ['a', 'x'], ['1']],
    ['^[]a]$', '', [']', 'a'], ['b']],
    ['^[^]a]$', '', ['b'], [']', 'a']],
    ['^[a-]$', '', ['a', '-'], ['b']],
    ['^[\\w-]$', '', ['a', '-'], ['+']],
    ['^[\\Q^]\\E]$', '', ['^', ']'], ['a']],
    ['^[\\x41\\x{1F600}\\n]$', '', ['A', '\u{1f600}', '\n'], ['a']],
    ['^\\p{Lu}\\P{L}\\pN$', '', ['É-½'], ['e-1']],
    // case
    ['^ab$', 'i', ['AB', 'aB'], ['b']],
    ['^[a-c]k$', 'i', ['BK', 'b\u212a'], ['dk']],
    ['^é$', 'i', ['É'], ['e']],
    ['^[^k]$', 'i', ['s'], ['K', '\u212a']],
    ['^\\w$', 'i', ['s'], ['\u017f', '\u212a']],
    ['^(?i)a(?-i)b$', '', ['Ab', 'ab'], ['AB']],
    ['^(?:(?i)a|b)c$', '', ['Ac', 'Bc'], ['aC']],
    ['^(?i:a)b$', '', ['Ab'], ['AB']],
    // the option x
    ['^ a b # a note\n [ ] c $', 'x', ['ab c'], ['a b c']],
    ['(?x) a b', '', ['ab'], ['a b']],
    // escapes
    ['^\\Qa.b\\E+$', '', ['a.b', 'a.bb'], ['axb']],
    ['^\\.\\-\\/\\@$', '', ['.-/@'], ['a']],
    ['^\\t\\n\\r\\f\\e\\a\\x0a\\cA\\0$', '', ['\t\n\r\f\x1b\x07\n\x01\0'], ['']],
    ['^(?#note)a$', '', ['a'], ['(?#note)a']],
    // quantifiers
    ['^a{2,3}b{2}c{1,}d*?e+?f??$', '', ['aabbcde'], ['abbcde']],
    ['^a{x}{$', '', ['a{x}{'], ['a']],
    ['^a++b$', '', ['aab'], ['b']],
    ['^a++ab$', '', [], ['aab']],
    ['^(?>a|ab)c$', '', ['ac'], ['abc']],
    ['^(a|ab)(?>c)$', '', ['abc', 'ac'], ['ab']],
    // lookaround
    ['^(?!admin$).*$', '', ['user', 'administrator'], ['admin']],
    ['(?<=a|b)c', '', ['ac', 'bc'], ['c', 'dc']],
    ['(?<!ab)c', '', ['ac'], ['abc']],
    ['\\bword\\b', '', ['a word.'], ['words', 'sword']],
  ] as const)('%s with "%s"', (source, options, accepted, refused) => {
    const regex = pattern(source, options)
    for (const text of accepted) expect([text, regex.test(text)]).toEqual([text, true])
    for (const text of refused) expect([text, regex.test(text)]).toEqual([text, false])
  })

  it('tells which group is which where atomic groups need groups of their own', () => {
    const result = compilePcre('(a)(?>(b)c)(?:(d)e)++(?<name>f)')
    if (!result.ok) throw new Error(result.error)
    const match = result.value.regex.exec('abcdef')
    expect(result.value.groups.map((group) => match?.[group])).toEqual(['a', 'b', 'd', 'f'])
  })

  it('treats any quoted text as that text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, other) => {
        fc.pre(!text.includes('\\E') && !text.includes('\0') && !text.endsWith('\\'))
        const regex = pattern(`\\A\\Q${text}\\E\\z`)
        expect(regex.test(text)).toBe(true)
        expect(regex.test(other)).toBe(other === text)
      }),
    )
  })

  it('agrees with JavaScript where both languages are the same', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '[ab]',
      '[^a]',
      'a*',
      '(?:a|b)',
      '(a)+',
      'b?',
      '(?=a)',
      '[a-c]{1,2}',
      '\\d',
      '|',
    )
    const source = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(source, fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1') }), (regex, text) => {
        const translated = pattern(`^(?:${regex})\\z`).test(text)
        expect(translated).toBe(new RegExp(`^(?:${regex})$`, 'u').test(text))
      }),
      { numRuns: 500 },
    )
  })
})

describe('refusals', () => {
  it.each([
    ['*a'],
    ['a**'],
    ['\\'],
    ['(a'],
    ['a)'],
    ['[a'],
    ['[z-a]'],
    ['[a-\\d]'],
    ['[[:nope:]]'],
    ['[[.a.]]'],
    ['a{3,2}'],
    ['a{99999}'],
    ['a{,3}'],
    ['(a)\\1'],
    ['(?<n>a)\\k<n>'],
    ['(?|a|b)'],
    ['(?R)'],
    ['(?1)'],
    ['(?(1)a|b)'],
    ['(*UCP)a'],
    ['a(*FAIL)'],
    ['(?C1)'],
    ['(?<=a+)b'],
    ['(?<=ab|c(?:d|ef))b'],
    ['\\X'],
    ['\\C'],
    ['\\K'],
    ['\\G'],
    ['\\y'],
    ['\\p{Greek}'],
    ['(?i)\\p{Lu}'],
    ['\\x{110000}'],
    ['(?<n>a)(?<n>b)'],
    ['(?#open'],
    ['^*'],
    ['a\0'],
    ['('.repeat(300) + ')'.repeat(300)],
  ])('refuses %j', (source) => {
    expect(compilePcre(source).ok).toBe(false)
  })

  it('refuses an option that is none', () => {
    expect(compilePcre('a', 'g').ok).toBe(false)
  })

  it('answers any text with a result', () => {
    const unit = fc.constantFrom(...'()[]{}|\\^$*+?.:=!<>P#-,123abcdQEpxiuRNZ[:alpha:] ')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 15 }), fc.constantFrom('', 'i', 'x', 'ms'), (source, options) => {
        expect(typeof compilePcre(source, options).ok).toBe('boolean')
      }),
      { numRuns: 1500 },
    )
  })
})
