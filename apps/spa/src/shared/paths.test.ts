import { describe, expect, it } from 'vitest'
import { fileNameOf, fileOf, paths, placePath, withQuery } from './paths.ts'

describe('addresses', () => {
  it.each([
    ['types/email.yaml', undefined, '/types/email'],
    ['types/email.yaml', 3, '/types/email/text?line=3'],
    ['dictionaries/user.1.0.0.yaml', 12, '/schemas/user.1.0.0/text?line=12'],
    ['configurations/user.yaml', 7, '/collections/user/yaml?line=7'],
    ['enumerators/enumerations.2.yaml', 2, '/enumerators/files/enumerations.2.yaml?line=2'],
    ['migrations/a b.json', undefined, '/migrations/a%20b.json'],
    ['test_data/user.1.0.0.1.json', 9, '/test-data/user.1.0.0.1.json?line=9'],
  ])('%s at line %s is shown at %s', (file, line, path) => {
    expect(placePath(line === undefined ? { file } : { file, line })).toBe(path)
  })

  it.each(['README.md', 'types/', 'types/a/b.yaml', 'secrets/x.yaml', '__proto__/x', 'constructor/x.yaml'])(
    'a file that no page shows has no address: %s',
    (file) => {
      expect(placePath({ file })).toBeUndefined()
      expect(fileOf(file)).toBeUndefined()
    },
  )

  it('a place without a file has no address', () => {
    expect(placePath({})).toBeUndefined()
  })

  it('names that mean something in a URL are encoded', () => {
    expect(paths.collection('a/b?c#d')).toBe('/collections/a%2Fb%3Fc%23d')
    expect(paths.version('user', '1.0.0.1', 'schema', { node: '/address/city' })).toBe(
      '/collections/user/v/1.0.0.1/schema?node=%2Faddress%2Fcity',
    )
  })

  it('what is empty is left out of the query, so that a state has one address', () => {
    expect(withQuery('/collections', { q: '', state: undefined })).toBe('/collections')
    expect(paths.newPlan([])).toBe('/plans/new')
    expect(paths.newPlan(['user', 'organization'])).toBe('/plans/new?collections=user%2Corganization')
  })

  it('a name of an address means a YAML file unless it says otherwise', () => {
    expect(fileNameOf('user.1.0.0')).toBe('user.1.0.0.yaml')
    expect(fileNameOf('email.yaml')).toBe('email.yaml')
    expect(fileNameOf('old.yml')).toBe('old.yml')
  })
})
