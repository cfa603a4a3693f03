import { expect, it } from 'vitest'
import { leftCount } from './left-count.ts'

it.each([
  { why: 'of several collections are summed up', detail: { user: 12, media: 3 }, found: 15 },
  { why: 'are not known of a record without them', detail: undefined, found: undefined },
  { why: 'are not known of a record that has something else there', detail: 'text', found: undefined },
  { why: 'are not known where no number stands there', detail: { user: 'many' }, found: undefined },
])('documents that a run left $why', ({ detail, found }) => {
  const error = { code: 'LEFTOVERS_FOUND', message: '', detail }
  expect(leftCount({ status: 'succeeded_with_leftovers', error })).toBe(found)
})

it('a run that ended otherwise left none, whatever its error says', () => {
  const error = { code: 'STEP_FAILED', message: '', detail: { user: 3 } }
  expect(leftCount({ status: 'failed', error })).toBeUndefined()
  expect(leftCount({ status: 'succeeded' })).toBeUndefined()
})
