import { expect, it } from 'vitest'
import { usageLine } from './usages-view.ts'

const place = { file: 'dictionaries/user.1.0.0.yaml', line: 4, pointer: '/root/properties/0' }

it('a use of a version leads to the version', () => {
  const usage = {
    how: 'dictionary',
    used: 'x',
    place,
    text: 'version 1.0.0.1',
    collection: 'user',
    version: '1.0.0.1',
  } as const
  expect(usageLine(usage, 0)).toMatchObject({
    how: 'Dictionary',
    where: 'user 1.0.0.1',
    text: '',
    path: '/collections/user/v/1.0.0.1/schema',
  })
})

it('a use in a file leads to its line', () => {
  const usage = { how: 'type', used: 'types/email.yaml', place, text: 'property /email' } as const
  expect(usageLine(usage, 1)).toMatchObject({ where: place.file, path: '/schemas/user.1.0.0/text?line=4' })
})

it('two uses at one place are two lines', () => {
  const usage = { how: 'type', used: 'types/email.yaml', place, text: 'property /email' } as const
  expect(usageLine(usage, 0).id).not.toBe(usageLine(usage, 1).id)
})
