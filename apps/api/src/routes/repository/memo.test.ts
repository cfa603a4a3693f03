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
  const texts = (maxWeight: number) => new Recent<string>(maxWeight, (text) => text.length)

  it('is made once while it fits', () => {
    const recent = texts(10)
    expect(recent.get('a', () => 'first')).toBe('first')
    expect(recent.get('a', () => 'again')).toBe('first')
  })

  it('drops what was used longest ago, so that the weight stays within its bound', () => {
    const recent = texts(4)
    recent.get('a', () => 'aa')
    recent.get('b', () => 'bb')
    recent.get('a', () => 'unused')
    recent.get('c', () => 'cc')
    expect(recent.get('a', () => 'made again')).toBe('aa')
    expect(recent.get('b', () => 'b2')).toBe('b2')
  })

  it('does not keep what is heavier than its bound, and drops nothing for it', () => {
    const recent = texts(3)
    recent.get('small', () => 'sm')
    expect(recent.get('large', () => 'large')).toBe('large')
    expect(recent.get('large', () => 'other')).toBe('other')
    expect(recent.get('small', () => 'unused')).toBe('sm')
  })
})
