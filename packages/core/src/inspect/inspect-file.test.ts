import { describe, expect, it } from 'vitest'
import { repositoryOf, STOCK, thingWith } from '../render/testing/files.ts'
import { inspectFile } from './inspect-file.ts'
import { dictionary, enumeratorsFile, nodeAt } from './testing/samples.ts'

const TEXTS = {
  ...thingWith(['{name: home, type: ref, ref: address}']),
  'dictionaries/address.yaml': dictionary('{name: city, type: word}', '{name: state, type: enum, enums: state}'),
  'enumerators/enumerations.0.yaml': enumeratorsFile(0, { state: ['open'] }),
  'enumerators/enumerations.10.yaml': enumeratorsFile(10, { state: ['shut'] }),
  'enumerators/enumerations.9.yaml': enumeratorsFile(9, { state: ['ajar'] }),
}

describe('a file inspected by itself', () => {
  it('shows a dictionary with what it uses in place, rendered in declared order', () => {
    const view = inspectFile(repositoryOf(TEXTS), 'dictionaries', 'address.yaml')
    expect(view).toMatchObject({ title: 'address.yaml', file: 'dictionaries/address.yaml', removed: [] })
    expect(view?.nodes.map((one) => one.path)).toEqual(['', '/city', '/state'])
    expect(Object.keys((JSON.parse(view?.json ?? '') as { properties: object }).properties)).toEqual(['city', 'state'])
    expect(JSON.parse(view?.bson ?? '')).toMatchObject({
      bsonType: 'object',
      properties: { state: { enum: ['shut'] } },
    })
  })

  it('takes values of the newest enumerators, or of those that are asked for', () => {
    const values = (enumerators?: number) => {
      const view = inspectFile(repositoryOf(TEXTS), 'dictionaries', 'address.yaml', { enumerators })
      if (view === undefined) throw new Error('there is no view')
      return nodeAt(view, '/state').values?.map((one) => one.value)
    }
    expect(values()).toEqual(['shut'])
    expect(values(9)).toEqual(['ajar'])
  })

  it('shows a type, and has neither text nor pointers of what cannot be rendered', () => {
    const repository = repositoryOf({
      ...TEXTS,
      'types/part.yaml': 'root: {name: p, type: array, items: {type: nothing}}\n',
    })
    const word = inspectFile(repository, 'types', 'word.yaml')
    expect(word).toMatchObject({ title: 'word', nodes: [{ kind: 'simple', bson_pointer: '' }] })
    const part = inspectFile(repository, 'types', 'part.yaml')
    expect(part?.nodes.map((one) => [one.path, one.problem])).toEqual([
      ['', undefined],
      ['/[]', 'there is no type nothing'],
    ])
    expect(part).not.toHaveProperty('json')
    expect(part?.nodes[0]).not.toHaveProperty('json_pointer')
    expect(part?.problems.map((one) => one.code)).toEqual(['FILE_UNUSED'])
  })

  it('is undefined for files that are not there, are broken, or are named without their extension', () => {
    const repository = repositoryOf({ ...STOCK, 'types/bad.yaml': '[' })
    expect(inspectFile(repository, 'types', 'bad.yaml')).toBeUndefined()
    expect(inspectFile(repository, 'types', 'word')).toBeUndefined()
    expect(inspectFile(repository, 'types', 'word.yml')).toBeUndefined()
    expect(inspectFile(repository, 'dictionaries', 'word.yaml')).toBeUndefined()
  })

  it('shows enums without values where there are no enumerators at all', () => {
    const repository = repositoryOf({ 'types/state.yaml': 'root: {name: s, type: enum, enums: state}\n' })
    expect(inspectFile(repository, 'types', 'state.yaml')?.nodes[0]?.problem).toBe('there are no enumerators')
  })
})
