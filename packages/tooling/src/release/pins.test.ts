import { describe, expect, it } from 'vitest'
import { inProject } from '../fresh.ts'
import { pinned, pinnedFiles } from './pins.ts'
import { readManifest } from './published.ts'

describe('the version that templates name', () => {
  it.each([
    ['FROM host.test/owner/stage0:1.2.3', 'FROM host.test/owner/stage0:4.5.6'],
    ["image: 'host.test/owner/stage0-batch:1.2.3-next.1'", "image: 'host.test/owner/stage0-batch:4.5.6'"],
    ["uses: 'owner/stage0/action@v1.2.3'", "uses: 'owner/stage0/action@v4.5.6'"],
    ['npm install --global @stage0/cli@1.2.3', 'npm install --global @stage0/cli@4.5.6'],
    ['put its number wherever these files name 1.2.3, and', 'put its number wherever these files name 4.5.6, and'],
  ])('is raised in %s', (text, raised) => {
    expect(pinned(text, '4.5.6')).toBe(raised)
  })

  it.each(['version: 0.1.0.0', 'dictionaries/Note.0.1.0.yaml', 'image: mongo:8.0.1', 'With Node 20.20.2 or newer'])(
    'is not what stands in %s',
    (text) => {
      expect(pinned(text, '4.5.6')).toBe(text)
    },
  )

  const files = pinnedFiles()
  const raised = files.filter(({ text }) => pinned(text, '4.5.6') !== text).map(({ path }) => path)

  it('stands in the template, in what becomes of its sample, and in mentorhub', () => {
    const names = ['.github/workflows/stage0.yml', 'Dockerfile', 'README.md', 'compose.yaml']
    const product = (folder: string) => names.map((name) => `packages/templates/${folder}/${name}`)
    const template = names.map((name) => `packages/templates/mongodb-api/${name}`)
    expect(raised.map((path) => path.replace(/\.template$/, '')).sort()).toEqual(
      [
        ...product('mentorhub/mentorhub_mongodb_api'),
        ...template,
        ...product('mongodb-api/.stage0_template/test_expected'),
      ].sort(),
    )
  })

  it('is that of the packages', () => {
    const { version } = readManifest(inProject('apps/cli/package.json'))
    expect(files.filter(({ text }) => pinned(text, version) !== text)).toEqual([])
  })
})
