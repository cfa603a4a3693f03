import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TEMPLATE } from '../testing/products.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { namedTemplate } from './templates.ts'

describe('a template', () => {
  it('comes with the command where nothing of its name is here', async () => {
    expect(namedTemplate('mongodb-api', await temporaryFolder())).toEqual({ folder: TEMPLATE, isBuiltIn: true })
  })

  it('is the folder of that name where there is one, whatever is in it', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'mongodb-api'))
    expect(namedTemplate('mongodb-api', folder)).toEqual({ folder: join(folder, 'mongodb-api'), isBuiltIn: false })
  })

  it('is what a link of that name leads to, be it nowhere', async () => {
    const folder = await temporaryFolder()
    await symlink('nowhere', join(folder, 'mongodb-api'))
    expect(namedTemplate('mongodb-api', folder).isBuiltIn).toBe(false)
  })

  it.each([
    ['./mongodb-api', 'mongodb-api'],
    ['../templates/mongodb-api', '../templates/mongodb-api'],
    ['mongodb-api/', 'mongodb-api'],
    // These come with the command, too, and are no templates.
    ['sample', 'sample'],
    ['init', 'init'],
    ['mongodb-api/types', 'mongodb-api/types'],
    ['unknown', 'unknown'],
    ['', '.'],
    ['..', '..'],
  ])('named "%s" is a folder here', async (given, path) => {
    const folder = await temporaryFolder()
    expect(namedTemplate(given, folder)).toEqual({ folder: join(folder, path), isBuiltIn: false })
  })
})
