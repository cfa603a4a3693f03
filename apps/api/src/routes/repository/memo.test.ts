import { describe, expect, it } from 'vitest'
import type { Snapshot } from '@stage0/workspace'
import { perSnapshot, Recent } from './memo.ts'

const snapshot = (): Snapshot => ({}) as Snapshot

describe('what is derived from a snapshot', () => {
  it('is made once per snapshot, also where it is undefined', () => {
    let made = 0
    const derive = perSnapshot(() => void made++)
    const [first, second] = [snapshot(), snapshot()]
    derive(first)
    derive(first)
    derive(second)
    expect(made).toBe(2)
  })
})

describe('what was made lately', () => {
  /** Room for so many characters of values, in entries with keys of one character. */
  const texts = (characters: number, entries = 1) =>
    new Recent<string>(characters + entries * 101, (text) => text.length)

  it('is made once while it fits', () => {
    const recent = texts(10)
    expect(recent.get('a', () => 'first')).toBe('first')
    expect(recent.get('a', () => 'again')).toBe('first')
  })

  it('drops what was used longest ago, so that the weight stays within its bound', () => {
    const recent = texts(4, 2)
    recent.get('a', () => 'aa')
    recent.get('b', () => 'bb')
    recent.get('a', () => 'unused')
    recent.get('c', () => 'cc')
    expect(recent.get('a', () => 'made again')).toBe('aa')
    expect(recent.get('b', () => 'b2')).toBe('b2')
  })

  it('does not keep what is heavier than its bound, and drops nothing for it', () => {
    const recent = texts(3)
    recent.get('s', () => 'sm')
    expect(recent.get('l', () => 'large')).toBe('large')
    expect(recent.get('l', () => 'other')).toBe('other')
    expect(recent.get('s', () => 'unused')).toBe('sm')
  })

  it('W-55: keeps no more of long keys and empty values than of others, so that hostile queries do not fill the memory', () => {
    const recent = texts(1_000_000, 0)
    let made = 0
    const ask = (key: string) => recent.get(key, () => String((made += 1)).slice(0, 0))
    const keys = Array.from({ length: 200 }, (_, i) => `${i}${'x'.repeat(10_000)}`)
    for (const key of keys) ask(key)
    ask(keys.at(-1) ?? '')
    expect(made).toBe(200)
    ask(keys[0] ?? '')
    expect(made).toBe(201)
    const short = texts(1000, 0)
    for (let i = 0; i < 20; i += 1) short.get(String(i), () => '')
    expect(short.get('0', () => 'made again')).toBe('made again')
  })
})
