import { expect, it } from 'vitest'
import { fullStop } from './full-stop.ts'

it.each([
  ['socket closed', 'socket closed.'],
  ['must be read by the SDK.', 'must be read by the SDK.'],
  ['no reason ...', 'no reason.'],
  ['ends in a line\n', 'ends in a line.'],
])('%j ends with one full stop: %j', (text, sentence) => {
  expect(fullStop(text)).toBe(sentence)
})
