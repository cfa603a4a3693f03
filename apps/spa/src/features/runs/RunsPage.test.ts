// @vitest-environment happy-dom
import type { VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { mountPage } from '../../shared/testing/mount-page.ts'
import { routes } from './routes.ts'
import { aRun } from './testing/runs.ts'
import { PAGE_SIZE } from './runs-view.ts'

let page: VueWrapper | undefined
afterEach(() => {
  page?.unmount()
  vi.unstubAllGlobals()
})

/** The history; what is told of one page is the service's answer with its count of all. */
async function open(items: readonly unknown[], headers: Readonly<Record<string, string>> = {}) {
  const answers = { '/api/runs': Response.json({ items }, { headers }), '/api/collections': { items: [] } }
  const mounted = await mountPage(routes, '/runs', answers)
  page = mounted.page
  return { ...mounted, text: () => mounted.page.text() }
}
const runs = (count: number) => Array.from({ length: count }, (_none, at) => aRun({ run_id: `r${String(at)}` }))

describe('the history of runs', () => {
  it('says how many runs there are on all pages, beside the title and beside the pages', async () => {
    const { text } = await open(runs(PAGE_SIZE + 1), { 'x-total-count': '1234' })
    expect(text()).toContain('1,234 runs')
    expect(text()).toContain(`Runs 1 to ${String(PAGE_SIZE)} of 1,234, newest first`)
  })

  it('says what it shows where the service counts nothing', async () => {
    const { text } = await open(runs(PAGE_SIZE + 1))
    expect(text()).toContain(`Runs 1 to ${String(PAGE_SIZE)}, newest first`)
    expect(text()).not.toContain(' of ')
  })

  it('without runs shows one way on and nothing to narrow', async () => {
    const { page: shown, text } = await open([], { 'x-total-count': '0' })
    expect(text()).toContain('Nothing was applied yet')
    expect(shown.findAll('select')).toHaveLength(0)
    expect(shown.findAll('a').filter((link) => link.text() === 'Plan changes')).toHaveLength(1)
  })
})
