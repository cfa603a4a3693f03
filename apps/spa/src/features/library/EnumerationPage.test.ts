// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest'
import { mountPage } from '../../shared/testing/mount-page.ts'
import { routes } from './routes.ts'

afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

const value = (name: string, description: string) => ({ value: name, description, deprecated: false })
const status = {
  name: 'status',
  used_by: 1,
  versions: [
    { version: 1, file: 'enumerators/enumerations.1.yaml', locked: true, values: [value('active', 'Works')] },
    {
      version: 2,
      file: 'enumerators/enumerations.2.yaml',
      locked: false,
      values: [value('active', 'Works now'), value('archived', 'Put away')],
    },
  ],
}
const answers = { '/api/enumerations': [status], '/api/enumerations/status/usages': [] }
const lines = async (path: string) => {
  const { page } = await mountPage(routes, path, answers)
  return page.findAll('tbody tr').map((line) => line.text())
}

it('C-15 an enumeration is shown as it is in the version of the address, not in the newest', async () => {
  const [first, second] = await lines('/enumerators/1/status')
  expect(first).toContain('Works')
  expect(first).not.toContain('Works now')
  expect(second).toContain('New in this version')
})

it('C-15 another version in the address shows that version', async () => {
  expect((await lines('/enumerators/2/status'))[0]).toContain('Works now')
})

it('a version that does not have the enumeration says so', async () => {
  const { page } = await mountPage(routes, '/enumerators/7/status', answers)
  expect(page.text()).toContain('Version 7 of the enumerators has no status')
})

it('an enumeration that nobody knows is no page', async () => {
  const { page } = await mountPage(routes, '/enumerators/1/nothing', answers)
  expect(page.find('h1').text()).toBe('There is no such page')
})
