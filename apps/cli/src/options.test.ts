import { describe, expect, it } from 'vitest'
import { parseCount, parseNames, parseOutcome, parsePort, parseSeconds, parseSetName } from './options.ts'

describe('values of options', () => {
  it.each(['0', '27017', '65535'])('%s is a port', (text) => expect(parsePort(text)).toBe(Number(text)))
  it.each(['-1', '65536', '1.5', '0x10', '', 'http'])('"%s" is no port', (text) =>
    expect(() => parsePort(text)).toThrow(),
  )
  it.each(['1', '1000000'])('%s is a number', (text) => expect(parseCount(text)).toBe(Number(text)))
  it.each(['0', '-1', '1.5', '1e3', '', 'many', '99999999999999999'])('"%s" is no number', (text) =>
    expect(() => parseCount(text)).toThrow(),
  )
  it.each(['30', '0.5'])('%s are seconds', (text) => expect(parseSeconds(text)).toBe(Number(text)))
  it.each(['-1', '1e3', '', 'soon'])('"%s" are no seconds', (text) => expect(() => parseSeconds(text)).toThrow())
  it('outcomes of several steps add up; a step may hold an equals sign', () => {
    const first = parseOutcome('user/1.0.0.0/migrate/migrations/a=b.json=done')
    expect(parseOutcome('x=repeat', first)).toEqual({ 'user/1.0.0.0/migrate/migrations/a=b.json': 'done', x: 'repeat' })
    for (const text of ['x', '=done', 'x=', 'x=maybe']) expect(() => parseOutcome(text)).toThrow()
  })
  it.each(['rs0', 'shop_1', 'a.b-c', 'x'.repeat(128)])('%s names a replica set', (text) =>
    expect(parseSetName(text)).toBe(text),
  )
  it.each(['a/b', '--json', '-x', '', 'a b', 'a&b', 'a?b', 'a#b', 'a%b', 'ä', 'x'.repeat(129)])(
    '"%s" names no replica set',
    (text) => expect(() => parseSetName(text)).toThrow(),
  )
  it('names are separated by commas, blanks around them do not count', () => {
    expect(parseNames('user, organization')).toEqual(['user', 'organization'])
    expect(() => parseNames('user,,organization')).toThrow()
  })
})
