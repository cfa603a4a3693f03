import { describe, expect, it } from 'vitest'
import { amountText, counted, millisecondsText, secondsText } from './amounts.ts'

describe('amounts for people', () => {
  it.each([
    { ms: 0.4, text: '0 ms' },
    { ms: 999.4, text: '999 ms' },
    { ms: 999.6, text: '1.0 s' },
    { ms: 3210, text: '3.2 s' },
    { ms: 59_960, text: '1 min 0 s' },
    { ms: 203_482, text: '3 min 23 s' },
  ])('$ms ms are $text', ({ ms, text }) => expect(millisecondsText(ms)).toBe(text))
  it.each([
    { seconds: 59.4, text: '59 s' },
    { seconds: 59.6, text: '1 min 0 s' },
    { seconds: 7500, text: '2 h 5 min' },
  ])('$seconds seconds are $text', ({ seconds, text }) => expect(secondsText(seconds)).toBe(text))
  it('one thing has no s', () => expect([counted(1, 'step'), counted(2000, 'step')]).toEqual(['1 step', '2,000 steps']))
  it('nothing is told of what does not tell how far it is', () => {
    expect(amountText({})).toBe('')
    expect(amountText({ done: 1200, unit: 'documents' })).toBe('1,200 documents')
  })
})
