import { expect, it } from 'vitest'
import { sentencesOf } from './sentences.ts'

it.each([
  ['Nothing here.', 'Look.', 'Nothing here. Look.'],
  ['nothing uses types/email.yaml', 'Delete it.', 'nothing uses types/email.yaml. Delete it.'],
  ['It says "no."', 'Look.', 'It says "no." Look.'],
  ['It names "user"', 'Look.', 'It names "user". Look.'],
  ['Is it so?', undefined, 'Is it so?'],
])('a problem %j with the hint %j is told as %j', (text, hint, told) => {
  expect(sentencesOf({ text, ...(hint === undefined ? {} : { hint }) })).toBe(told)
})
