import { describe, expect, it } from 'vitest'
import { StreamSlots } from './stream-slots.ts'

describe('slots for streams', () => {
  it('are bounded for each client, and the others have theirs still', () => {
    const slots = new StreamSlots({ perClient: 2, inAll: 10 })
    const first = slots.take('a')
    expect(slots.take('a')).toBeDefined()
    expect(slots.take('a')).toBeUndefined()
    expect(slots.take('b')).toBeDefined()
    first?.()
    expect(slots.take('a')).toBeDefined()
  })

  it('are bounded in all', () => {
    const slots = new StreamSlots({ perClient: 5, inAll: 2 })
    slots.take('a')
    const second = slots.take('b')
    expect(slots.take('c')).toBeUndefined()
    second?.()
    expect(slots.take('c')).toBeDefined()
  })

  it('are given back once, however often that is said', () => {
    const slots = new StreamSlots({ perClient: 5, inAll: 5 })
    const leave = slots.take('a')
    slots.take('a')
    leave?.()
    leave?.()
    expect(slots.total).toBe(1)
  })
})
