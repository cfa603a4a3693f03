// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest'
import { mountPage } from '../../shared/testing/mount-page.ts'
import { routes } from './routes.ts'

afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

const summary = (version: string, state: string) => ({ version, written: version, locked: false, state })
const detail = {
  row: {
    name: 'user',
    title: 'Users',
    description: 'People who sign in',
    file: 'configurations/user.yaml',
    newest: '1.10.0.1',
    recorded: '1.9.0.1',
    pending: ['1.10.0.1'],
    state: 'behind',
    drift: [],
    locked: false,
    versions: 2,
    problems: { errors: 0, warnings: 0 },
  },
  versions: [summary('1.10.0.1', 'pending'), summary('1.9.0.1', 'current')],
  problems: [],
}
const version = {
  collection: 'user',
  summary: summary('1.10.0.1', 'pending'),
  dictionary: 'dictionaries/user.1.10.0.yaml',
  validation: { level: 'moderate', action: 'error' },
  nodes: [],
  removed: [],
  steps: [
    { kind: 'recordVersion', text: 'record version 1.10.0.1' },
    { kind: 'dropIndex', text: 'drop index nameIndex' },
  ],
  indexes: [],
  migrations: [],
  uses: [],
  problems: [],
}
const answers = {
  '/api/collections/user': detail,
  '/api/collections/user/versions/1.10.0.1': version,
}

it('a collection without a version in the address goes to its newest version and keeps the line', async () => {
  const { router } = await mountPage(routes, '/collections/user/yaml?line=7', answers)
  expect(router.currentRoute.value.fullPath).toBe('/collections/user/v/1.10.0.1/yaml?line=7')
})

it('C-17 steps are shown in the order and the words of the service, whatever that is', async () => {
  const { page } = await mountPage(routes, '/collections/user/v/1.10.0.1/steps', answers)
  expect(page.findAll('.steps > li').map((line) => line.text())).toEqual([
    expect.stringContaining('record version 1.10.0.1'),
    expect.stringContaining('drop index nameIndex'),
  ])
})

it('the tab of the address is the current page among the tabs', async () => {
  const { page } = await mountPage(routes, '/collections/user/v/1.10.0.1/indexes', answers)
  const tabs = page.find('nav[aria-label="Aspects of user"]')
  expect(tabs.find('[aria-current="page"]').text()).toContain('Indexes')
})

it('a version that the collection does not have is no page, with a way to the newest', async () => {
  const { page } = await mountPage(routes, '/collections/user/v/9.9.9.9/steps', answers)
  expect(page.find('h1').text()).toBe('There is no such page')
  expect(page.find('a[href="/collections/user"]').exists()).toBe(true)
})

it('a collection that nobody knows is no page', async () => {
  const { page } = await mountPage(routes, '/collections/nobody', answers)
  expect(page.find('h1').text()).toBe('There is no such page')
})

it('C-14 a collection whose file cannot be read is shown with the findings and the text of the file', async () => {
  const broken = {
    row: { ...detail.row, name: 'order', file: 'configurations/order.yaml', state: 'invalid' },
    versions: [],
    problems: [
      { code: 'YAML_SYNTAX', severity: 'error', file: 'configurations/order.yaml', line: 2, text: 'bad indentation' },
    ],
  }
  const { page } = await mountPage(routes, '/collections/order', {
    '/api/collections/order': broken,
    '/api/configurations/order.yaml': 'title: Orders\n bad: [\n',
  })
  expect(page.text()).toContain('This collection cannot be used')
  expect(page.text()).toContain('bad indentation')
  expect(page.text()).toContain('title: Orders')
})
