// @vitest-environment happy-dom
import type { CollectionList, CollectionRow } from '@stage0/types'
import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { mountPage } from '../../shared/testing/mount-page.ts'
import { routes } from './routes.ts'

const row = (name: string): CollectionRow => ({
  name,
  title: '',
  description: '',
  newest: '1.0.0.1',
  pending: ['1.0.0.1'],
  state: 'behind',
  drift: [],
  locked: false,
  versions: 1,
  problems: { errors: 0, warnings: 0 },
})
const LIST: CollectionList = { as_of: '2026-01-01T00:00:00.000Z', items: [row('order'), row('user')] }

describe('the execution selector', () => {
  it('with the last box unchecked has nothing chosen, shows it so, and says what to do', async () => {
    const { page, router } = await mountPage(routes, '/plans/new?collections=user', { '/api/collections': LIST })
    const box = page.get<HTMLInputElement>('input[aria-label="Choose user"]')
    expect(box.element.checked).toBe(true)
    await box.setValue(false)
    await flushPromises()
    expect(router.currentRoute.value.fullPath).toBe('/plans/new?which=chosen')
    expect(page.findAll<HTMLInputElement>('input[type="checkbox"]').map(({ element }) => element.checked)).toEqual([
      false,
      false,
    ])
    expect(page.get<HTMLInputElement>('input[value="chosen"]').element.checked).toBe(true)
    expect(page.text()).toContain('Choose at least one collection.')
    expect(page.get('button[type="submit"]').attributes('disabled')).toBeDefined()
    page.unmount()
  })

  it('does not say how the service is set up before it has said so', async () => {
    const { page } = await mountPage(routes, '/plans/new', { '/api/collections': LIST })
    expect(page.text()).toContain('As the service is set up')
    expect(page.text()).not.toMatch(/As the service is set up: /)
    page.unmount()
  })
})
