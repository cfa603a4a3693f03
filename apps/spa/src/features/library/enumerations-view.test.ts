import type { Enumeration } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { enumerationLine, matrixOf, valuesOf } from './enumerations-view.ts'

const value = (name: string, description = `${name} it is`, deprecated = false) => ({
  value: name,
  description,
  deprecated,
})
const version = (number: number, values: ReturnType<typeof value>[]) => ({
  version: number,
  file: `enumerators/enumerations.${String(number)}.yaml`,
  locked: false,
  values,
})
const status: Enumeration = {
  name: 'status',
  used_by: 3,
  versions: [
    version(10, [value('archived'), value('active', 'Works now', true)]),
    version(1, [value('active', 'Works'), value('draft')]),
    version(2, [value('active', 'Works'), value('draft'), value('archived')]),
  ],
}

describe('an enumeration', () => {
  it('is listed with its versions by number', () => {
    expect(enumerationLine(status)).toMatchObject({
      versions: [1, 2, 10],
      newest: 10,
      values: 2,
      path: '/enumerators/10/status',
    })
  })

  it('C-15 has the values of the version that is asked for, never of the newest', () => {
    expect(valuesOf(status, 1)?.map((of) => of.value)).toEqual(['active', 'draft'])
    expect(valuesOf(status, 3)).toBeUndefined()
  })
})

describe('the matrix of values and versions', () => {
  it('C-15 begins with the values of the version that is asked for, with its descriptions', () => {
    const { lines } = matrixOf(status, 1)
    expect(lines.map((line) => [line.value, line.isInVersion])).toEqual([
      ['active', true],
      ['draft', true],
      ['archived', false],
    ])
    expect(lines[0]?.description).toBe('Works')
    expect(matrixOf(status, 10).lines[1]?.description).toBe('Works now')
  })

  it('tells which value came when, which went and which is deprecated', () => {
    const { versions, lines } = matrixOf(status, 2)
    expect(versions).toEqual([1, 2, 10])
    expect(Object.fromEntries(lines.map((line) => [line.value, line.cells]))).toEqual({
      active: ['there', 'there', 'deprecated'],
      draft: ['there', 'there', 'gone'],
      archived: ['absent', 'came', 'there'],
    })
  })

  it('of a version that does not have it shows what the others have', () => {
    expect(matrixOf(status, 7).lines.every((line) => !line.isInVersion)).toBe(true)
  })

  it('a value that is called like a property of every object is a value', () => {
    const odd: Enumeration = {
      name: 'odd',
      used_by: 0,
      versions: [version(1, [value('__proto__'), value('constructor')])],
    }
    expect(matrixOf(odd, 1).lines.map((line) => line.value)).toEqual(['__proto__', 'constructor'])
  })
})
