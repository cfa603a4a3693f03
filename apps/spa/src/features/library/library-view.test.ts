import type { FileInfo } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { fileLine, isShared, sortValue, withWords } from './library-view.ts'

const file = (of: Partial<FileInfo>): FileInfo => ({
  kind: 'types',
  file_name: 'email.yaml',
  path: 'types/email.yaml',
  size: 100,
  hash: '',
  locked: false,
  broken: false,
  problems: { errors: 0, warnings: 0 },
  used_by: 2,
  ...of,
})

describe('files of the library', () => {
  it('are named as other files name them', () => {
    expect(fileLine(file({}))).toMatchObject({ name: 'email', path: '/types/email', usedBy: 2 })
    expect(fileLine(file({ kind: 'migrations', file_name: 'merge.json' }))).toMatchObject({
      name: 'merge.json',
      path: '/migrations/merge.json',
    })
  })

  it('C-14 a file that cannot be used is there and says so', () => {
    expect(fileLine(file({ broken: true, problems: { errors: 1, warnings: 0 } }))).toMatchObject({
      broken: true,
      errors: 1,
    })
  })

  it.each([
    ['address.yaml', true],
    ['user.1.0.0.yaml', false],
    ['user.1.0.yaml', true],
    ['a.b.10.20.30.yaml', false],
  ])('%s is a shared schema: %s', (name, shared) => {
    expect(isShared(name)).toBe(shared)
  })

  it('are found by every word and sorted by use', () => {
    const lines = ['a_mail', 'mail_b', 'slug'].map((name, index) =>
      fileLine(file({ file_name: `${name}.yaml`, used_by: index })),
    )
    expect(withWords(lines, 'MAIL _b').map(({ name }) => name)).toEqual(['mail_b'])
    expect(withWords(lines, '(')).toEqual([])
    expect(lines.map((line) => sortValue(line, 'usedBy'))).toEqual([0, 1, 2])
    expect(lines.map((line) => sortValue(line, 'name'))).toEqual(['a_mail', 'mail_b', 'slug'])
  })
})
