import { describe, expect, it } from 'vitest'
import { Turns } from './turns.ts'

describe('turns', () => {
  it('are taken one at a time in the order of their coming, also after one that failed', async () => {
    const turns = new Turns()
    const told: string[] = []
    const take = (name: string, fails = false) =>
      turns.next(async () => {
        told.push(`${name} begins`)
        await Promise.resolve()
        told.push(`${name} ends`)
        if (fails) throw new Error(name)
        return name
      })
    const taken = await Promise.allSettled([take('a'), take('b', true), take('c')])
    expect(taken.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(told).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })
})
