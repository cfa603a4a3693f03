// @vitest-environment happy-dom
import { useToasts } from '@stage0/vue-kit'
import type { VueWrapper } from '@vue/test-utils'
import { useQueryCache } from '@pinia/colada'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { mountPage, settle } from '../../shared/testing/mount-page.ts'
import { keys } from '../../shared/queries.ts'
import RunWatcher from './RunWatcher.vue'
import { aRun, aSnapshot, aStep, at } from './testing/runs.ts'

let page: VueWrapper | undefined
afterEach(() => {
  page?.unmount()
  page = undefined
  vi.unstubAllGlobals()
})

const LATER = aRun({ run_id: 'r2', started_at: at(60) })
const FAILED = aRun({ ...LATER, status: 'failed', error: { code: 'STEP_FAILED', message: '1 step failed' } })

/** A page with the watcher, over a history that may be changed. */
async function watching(history: Record<string, unknown>) {
  const answers: Record<string, unknown> = { '/api/runs': history }
  let refetch: () => Promise<unknown> = () => Promise.resolve()
  const Page = defineComponent({
    setup() {
      const cache = useQueryCache()
      refetch = () => cache.invalidateQueries({ key: [...keys.runs.root] })
      return () => h(RunWatcher)
    },
  })
  const elsewhere = { path: '/', component: Page }
  const mounted = await mountPage([elsewhere, { path: '/runs/:id', name: 'run', component: Page }], '/', answers)
  page = mounted.page
  /** What the badge of the navigation does every few seconds. */
  const look = async (next: Record<string, unknown>) => {
    Object.assign(answers, next)
    await refetch()
    await settle()
  }
  return { ...mounted, look, toasts: useToasts() }
}
const icon = () => document.head.querySelector('link[rel="icon"]')?.getAttribute('href')

describe('the watcher of runs', () => {
  it('says nothing of what was there before', async () => {
    const { toasts, look } = await watching({ items: [aRun({ status: 'failed' })] })
    await look({})
    expect(toasts.history).toEqual([])
    expect(document.title).not.toContain('Run failed')
  })

  it('C-01 tells of a run of somebody else, and that it failed, once, with the way to the failing step', async () => {
    const { toasts, look } = await watching({ items: [] })
    await look({ '/api/runs': { items: [LATER] } })
    expect(toasts.items.map(({ kind, text }) => [kind, text])).toEqual([['info', 'ann began a run of 3 steps']])
    expect(document.title).toContain('Running')
    expect(icon()).toBe('/favicon-running.svg')
    const failure = { code: 'DUPLICATE_KEY', message: 'twice' }
    const end = {
      '/api/runs': { items: [FAILED] },
      '/api/runs/r2': aSnapshot({ run: FAILED, steps: [aStep('user/a', { status: 'failed', error: failure })] }),
    }
    await look(end)
    await look(end)
    expect(toasts.history).toHaveLength(1)
    expect(toasts.items).toMatchObject([
      {
        kind: 'error',
        text: 'The run failed',
        detail: 'twice',
        sticky: true,
        action: { label: 'Open failing step', to: '/runs/r2?event=user%2Fa' },
      },
    ])
    expect(document.title).toContain('Run failed')
    expect(icon()).toBe('/favicon-failed.svg')
  })

  it('C-02 never tells success of a run that failed or left something', async () => {
    const { toasts, look } = await watching({ items: [] })
    await look({ '/api/runs': { items: [aRun({ ...LATER, status: 'succeeded_with_leftovers' })] } })
    expect(toasts.items.map(({ kind }) => kind)).toEqual(['warning'])
    await look({ '/api/runs': { items: [aRun({ ...LATER, run_id: 'r3', started_at: at(90), status: 'failed' })] } })
    expect(toasts.history.map(({ kind }) => kind)).toEqual(['error', 'warning'])
  })

  it('C-02 documents that were left are told with the way to them', async () => {
    const { toasts, look } = await watching({ items: [] })
    const message = 'Everything is done, but 2 documents of user do not match the validator.'
    const run = aRun({ ...LATER, status: 'succeeded_with_leftovers', error: { code: 'LEFTOVERS_FOUND', message } })
    const leftovers = { count: 2, samples: [{ id: '7' }] }
    const steps = [aStep('user/a', { status: 'succeeded' }), aStep('user/b', { status: 'succeeded', leftovers })]
    await look({ '/api/runs': { items: [run] }, '/api/runs/r2': aSnapshot({ run, steps }) })
    expect(toasts.items).toMatchObject([
      {
        kind: 'warning',
        text: 'The run succeeded with leftovers',
        detail: message,
        sticky: true,
        action: { label: 'Show the documents', to: '/runs/r2?event=user%2Fb' },
      },
    ])
  })

  it('C-13 a failing step that cannot be asked for in time leaves the failure told', async () => {
    const { toasts, look } = await watching({ items: [] })
    await look({ '/api/runs': { items: [FAILED] } })
    expect(toasts.items).toMatchObject([
      { kind: 'error', detail: '1 step failed', action: { label: 'Open the run', to: '/runs/r2' } },
    ])
  })

  it('the sign of a failed run goes when somebody looks at the run', async () => {
    const { look, router } = await watching({ items: [] })
    await look({ '/api/runs': { items: [FAILED] } })
    expect(icon()).toBe('/favicon-failed.svg')
    await router.push('/runs/r2')
    await settle()
    expect(icon()).toBe('/favicon.svg')
    expect(document.title).not.toContain('Run failed')
  })

  it('asks anew for what the run may have changed', async () => {
    const { asked, look } = await watching({ items: [LATER] })
    const before = asked.filter((path) => path.startsWith('/api/runs')).length
    await look({ '/api/runs': { items: [aRun({ ...LATER, status: 'succeeded', duration_ms: 5 })] } })
    // Once by the badge, and again because the run ended.
    expect(asked.filter((path) => path.startsWith('/api/runs')).length).toBeGreaterThan(before + 1)
  })
})
