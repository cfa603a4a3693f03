// @vitest-environment happy-dom
import type { CollectionRow } from '@stage0/types'
import { afterEach, expect, it, vi } from 'vitest'
import { FRESH_MS } from '../../shared/use-fresh.ts'
import { mountPage, settle } from '../../shared/testing/mount-page.ts'
import { routes } from './routes.ts'

afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const row = (of: Partial<CollectionRow>): CollectionRow => ({
  name: 'user',
  title: 'Users',
  description: 'People who sign in',
  file: 'configurations/user.yaml',
  newest: '1.1.0.2',
  recorded: '1.0.0.1',
  pending: ['1.1.0.2'],
  state: 'behind',
  drift: [],
  locked: false,
  versions: 2,
  problems: { errors: 0, warnings: 0 },
  ...of,
})
const {
  newest: _newest,
  recorded: _recorded,
  ...unreadable
} = row({
  name: 'order',
  file: 'configurations/order.yaml',
  description: '',
  title: 'order',
  state: 'invalid',
  problems: { errors: 1, warnings: 0 },
  first_problem: {
    code: 'YAML_SYNTAX',
    severity: 'error',
    file: 'configurations/order.yaml',
    line: 4,
    text: 'bad indentation of a sequence entry',
  },
})
const list = { as_of: '2026-11-22T10:00:00.000Z', items: [row({}), unreadable] }

const rowsOf = (page: { findAll: (selector: string) => { text: () => string }[] }) =>
  page.findAll('tbody tr').map((line) => line.text())

it('C-14 a broken file is in the list, with the words of the parser and a link to the line', async () => {
  const { page } = await mountPage(routes, '/collections', { '/api/collections': list })
  const broken = page.findAll('tbody tr').find((line) => line.text().includes('order'))
  expect(broken?.text()).toContain('Invalid')
  expect(broken?.text()).toContain('bad indentation of a sequence entry')
  expect(broken?.find('a[href="/collections/order/yaml?line=4"]').exists()).toBe(true)
})

it('search and state stand in the address, and the address is what is shown', async () => {
  const { page, router } = await mountPage(routes, '/collections?state=behind', { '/api/collections': list })
  expect(rowsOf(page)).toHaveLength(1)
  expect(rowsOf(page)[0]).toContain('user')
  await page.find('[aria-pressed="true"]').trigger('click')
  await settle()
  expect(router.currentRoute.value.query).toEqual({})
  await page.find('input[type="search"]').setValue('order')
  await settle()
  expect(router.currentRoute.value.query).toEqual({ q: 'order' })
  expect(rowsOf(page)).toHaveLength(1)
})

it('selected collections are planned together; what cannot be read is left out', async () => {
  const { page } = await mountPage(routes, '/collections', { '/api/collections': list })
  expect(page.text()).not.toContain('Plan selected')
  await page.find('input[aria-label="Select all"]').setValue(true)
  await settle()
  expect(page.find('a[href="/plans/new?collections=user"]').exists()).toBe(true)
})

it('a database that cannot be read is told once, and nothing is said of its versions', async () => {
  const items = [row({ state: 'unknown', recorded: undefined as never })]
  const { page } = await mountPage(routes, '/collections', {
    '/api/collections': { ...list, items, target_error: { code: 'TARGET_UNREACHABLE', message: 'No answer from db' } },
  })
  expect(page.text()).toContain('The database could not be read')
  expect(rowsOf(page)[0]).toContain('Unknown')
  expect(rowsOf(page)[0]).not.toContain('none1.1.0.2')
  expect(rowsOf(page)[0]).not.toContain('→')
})

it('a database that is back is shown without a click', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const answers: Record<string, unknown> = {
    '/api/collections': { ...list, target_error: { code: 'TARGET_UNREACHABLE', message: 'No answer from db' } },
  }
  const { page } = await mountPage(routes, '/collections', answers)
  expect(page.text()).toContain('No answer from db')
  expect(page.text()).not.toContain('Database read')
  answers['/api/collections'] = list
  vi.advanceTimersByTime(FRESH_MS)
  await settle()
  expect(page.text()).not.toContain('No answer from db')
  expect(page.text()).toContain('Database read')
})

it('a service that goes away is told of, and the list stays with its time', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const answers: Record<string, unknown> = { '/api/collections': list }
  const { page } = await mountPage(routes, '/collections', answers)
  delete answers['/api/collections']
  vi.advanceTimersByTime(FRESH_MS)
  await settle()
  expect(page.find('[role="alert"]').text()).toContain('ROUTE_UNKNOWN')
  expect(rowsOf(page)).toHaveLength(2)
  expect(page.find(`time[datetime="${list.as_of}"]`).exists()).toBe(true)
})

it('a list that cannot be had says why and can be asked for again', async () => {
  const { page } = await mountPage(routes, '/collections', {})
  expect(page.find('[role="alert"]').text()).toContain('ROUTE_UNKNOWN')
  expect(page.text()).toContain('Try again')
})

it('no collections at all is told from no match', async () => {
  const { page } = await mountPage(routes, '/collections', { '/api/collections': { ...list, items: [] } })
  expect(page.text()).toContain('There are no collections yet')
})
