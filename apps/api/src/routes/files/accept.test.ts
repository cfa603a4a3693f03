import { describe, expect, it } from 'vitest'
import { isKnown, preferred } from './accept.ts'

const OFFERS = ['application/json', 'application/yaml', 'text/plain'] as const

describe('the form that a client prefers', () => {
  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/yaml', 'application/yaml'],
    ['Text/Plain; charset=utf-8', 'text/plain'],
    ['text/*', 'text/plain'],
    ['application/*;q=0.5, text/plain', 'text/plain'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/json'],
    ['application/json;q=0, */*', 'application/yaml'],
    ['application/json;q=0.2, application/yaml;q=0.7', 'application/yaml'],
    ['image/png', undefined],
    ['application/json;q=0', undefined],
    ['application/json;q=nonsense', undefined],
    [',;,', undefined],
  ])('%j -> %s', (accept, form) => {
    expect(preferred(accept, OFFERS)).toBe(form)
  })
})

describe('a conditional request', () => {
  it.each([
    [undefined, false],
    ['"a-y"', true],
    ['W/"a-y"', true],
    ['"b-y", "a-y"', true],
    ['*', true],
    ['"a-j"', false],
    ['a-y', false],
  ])('with If-None-Match %j is about a known form: %s', (header, known) => {
    expect(isKnown(header, '"a-y"')).toBe(known)
  })
})
