import { expect, it } from 'vitest'
import { sortParam } from './sort-param.ts'

const param = sortParam(['name', 'size'], { key: 'name', isDescending: false })

it.each([
  ['size', { key: 'size', isDescending: false }],
  ['-size', { key: 'size', isDescending: true }],
  ['-name', { key: 'name', isDescending: true }],
])('"%s" is the order %j and back', (text, sort) => {
  expect(param.parse(text)).toEqual(sort)
  expect(param.format(sort)).toBe(text)
})

it.each(['', '-', 'password', '--name', 'constructor'])('"%s" is no order: the standard one is taken', (text) => {
  expect(param.parse(text)).toEqual({ key: 'name', isDescending: false })
})
