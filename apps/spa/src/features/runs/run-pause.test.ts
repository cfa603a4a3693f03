// @vitest-environment happy-dom
import { useCommands } from '@stage0/vue-kit'
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import type { RunSnapshot } from '@stage0/types'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mountPage, settle } from '../../shared/testing/mount-page.ts'
import { routes } from './routes.ts'
import { aRun, aSnapshot, aStep, contact, FakeSource, paused, progressed, started } from './testing/runs.ts'

const PAUSE = '/api/runs/r1/paused'
let page: VueWrapper | undefined

beforeEach(() => {
  FakeSource.opened.length = 0
  vi.stubGlobal('EventSource', FakeSource)
})
afterEach(() => {
  page?.unmount()
  page = undefined
  vi.unstubAllGlobals()
})

async function open(snapshot: RunSnapshot = aSnapshot(), listed = snapshot.run, path = '/runs/r1') {
  const answers: Record<string, unknown> = { '/api/runs/r1': snapshot, '/api/runs': { items: [listed] } }
  const mounted = await mountPage(routes, path, answers)
  page = mounted.page
  const source = FakeSource.opened.at(-1)
  source?.connect()
  const tell = async (...events: readonly unknown[]) => {
    source?.tell(...events)
    await new Promise((resolve) => requestAnimationFrame(resolve))
    await flushPromises()
  }
  return { ...mounted, answers, tell, text: () => mounted.page.text().replaceAll(/\s+/g, ' ') }
}
const buttons = () => (page?.findAll('button') ?? []).map((one) => one.text().trim())
const press = async (name: string) => {
  const button = page?.findAll('button').find((one) => one.text().trim() === name)
  if (button === undefined) throw new Error(`no button ${name}`)
  await button.trigger('click')
  await settle()
}
/** What can be done from the palette. */
const acts = () =>
  useCommands()
    .commands.filter(({ id }) => id.startsWith('run '))
    .map(({ label }) => label)

describe('a run that is paused', () => {
  it('is asked to wait, waits, and goes on: by the button, in the palette, as the events say', async () => {
    const { answers, asked, tell, text } = await open()
    await tell(started(1, 'organization/a'))
    expect(acts()).toEqual(['Pause the run', 'Cancel the run'])
    const steps = [aStep('organization/a', { status: 'running' }), aStep('organization/b'), aStep('user/a')]
    answers[PAUSE] = aSnapshot({ run: aRun({ pause_requested: true }), steps, last_seq: 1 })
    answers['/api/runs'] = { items: [aRun({ pause_requested: true })] }
    await press('Pause the run')
    expect(asked.filter((one) => one === PAUSE)).toHaveLength(1)
    expect(text()).toContain('The run was asked to pause')
    expect(text()).toContain(
      'It waits after this step, or after the range of documents under way: build organization/a.',
    )
    expect(text()).not.toContain('The run is paused')

    await tell(paused(2, true))
    expect(text()).toContain('The run is paused')
    expect(page?.get('.page-header, header').text()).toContain('Paused')
    expect(page?.find('.step.paused').text()).toContain('Paused')
    expect(acts()).toEqual(['Resume the run', 'Cancel the run'])
    answers[PAUSE] = aSnapshot({ run: aRun({ paused: true, pause_requested: false }), steps, last_seq: 2 })
    answers['/api/runs'] = { items: [aRun({ pause_requested: false })] }
    await press('Resume the run')
    await tell(paused(3, false))
    expect(text()).not.toContain('The run is paused')
    expect(buttons()).toContain('Pause the run')
  })

  it('is seen by who opens the page later, and by who did not ask', async () => {
    const waiting = aRun({ paused: true, pause_requested: true })
    const { text } = await open(aSnapshot({ run: waiting, last_seq: 4 }), waiting)
    expect(text()).toContain('The run is paused')
    expect(buttons()).toContain('Resume the run')
    page?.unmount()
    const other = await open(aSnapshot(), aRun({ pause_requested: true }))
    expect(other.text()).toContain('The run was asked to pause')
    expect(buttons()).toContain('Resume the run')
  })

  it('a request that is refused is told, and what is so stays shown', async () => {
    const { text } = await open()
    await press('Pause the run')
    expect(page?.find('[role="alert"], .error-panel').exists()).toBe(true)
    expect(text()).not.toContain('asked to pause')
    expect(buttons()).toContain('Pause the run')
  })

  it('one that was asked to end is not paused any more, nor one that is over', async () => {
    await open(aSnapshot({ run: aRun({ cancel_requested: true, paused: true, pause_requested: true }) }))
    expect(buttons()).not.toContain('Resume the run')
    expect(acts()).toEqual([])
    page?.unmount()
    const { text } = await open(aSnapshot({ run: aRun({ status: 'interrupted', paused: true }) }))
    expect(text()).not.toContain('Paused')
    expect(buttons()).not.toContain('Pause the run')
  })
})

describe('a step that counts', () => {
  it('shows how far, how fast and how long yet; without a rate while it waits', async () => {
    const { tell } = await open()
    const rate = { rate_per_s: 9100, remaining_s: 17 }
    await tell(started(1, 'organization/a'), progressed(2, 'organization/a', 42_000, 200_000, rate))
    const atWork = () => page?.get('[data-testid="at-work"]')
    expect(atWork()?.text()).toContain('build organization/a')
    expect(atWork()?.text()).toContain('42,000 of 200,000 documents · 9,100/s · 17 sec left')
    expect(atWork()?.get('progress').attributes('value')).toBe('0.21')
    await tell(paused(3, true))
    expect(atWork()?.text()).toContain('42,000 of 200,000 documents')
    expect(atWork()?.text()).not.toContain('/s')
  })
})

describe('a run that left documents', () => {
  const samples = Array.from({ length: 5 }, (_, index) => ({ id: `"u${String(index)}"`, why: 'email: is missing' }))
  const step = aStep('user/left', {
    kind: 'findLeftovers',
    status: 'succeeded',
    leftovers: { count: 12, samples: [...samples.slice(0, 4), { id: '{"$oid":"00"}' }] },
  })
  const error = { code: 'LEFTOVERS_FOUND', message: 'Everything is done, but 12 documents of user do not match.' }
  const snapshot = aSnapshot({
    run: aRun({ status: 'succeeded_with_leftovers', error, duration_ms: 5 }),
    steps: [aStep('user/a', { status: 'succeeded' }), step],
  })

  it('says so in its head, with the first of them and the way to all', async () => {
    const { text, router } = await open(snapshot)
    const outcome = page?.get('[data-testid="outcome"]')
    expect(outcome?.text()).toContain('Succeeded with leftovers: 12 documents do not match')
    expect(outcome?.findAll('.samples > li').map((one) => one.text())).toEqual(
      samples.slice(0, 3).map(({ id, why }) => `${id}${why}`),
    )
    expect(outcome?.text()).toContain('and 9 more')
    expect(page?.find('[data-testid="first-error"]').exists()).toBe(false)
    expect(text()).not.toContain('The run failed')
    await press('Show these documents')
    expect(router.currentRoute.value.query).toEqual({ event: 'user/left' })
  })

  it('shows all that were told at the step, and what to do', async () => {
    await open(snapshot, snapshot.run, '/runs/r1?event=user/left')
    const details = page?.get('.details')
    expect(details?.findAll('.samples > li')).toHaveLength(5)
    expect(details?.text()).toContain('The rule that it breaks is not known.')
    expect(details?.text()).toContain('and 7 more')
    expect(details?.text()).toContain('change what still writes the old shape')
    expect(details?.text()).toContain('Look for documents that do not match')
  })
})

it('a run that waits for its database says so and until when, and no longer once it answers', async () => {
  const { tell, text } = await open()
  await tell(started(1, 'organization/a'), contact(2, false, 28_000))
  expect(text()).toContain('The database does not answer')
  expect(text()).toMatch(/until its lock ends, at \d+:\d\d:30/)
  await tell(contact(3, true, 30_000))
  expect(text()).not.toContain('does not answer')
})

it('C-02 a step that left documents is marked as a warning with their number, in its line and in its collection', async () => {
  const leftovers = { count: 1234, samples: [{ id: '7' }] }
  const steps = [aStep('user/a', { status: 'succeeded' }), aStep('user/b', { status: 'succeeded', leftovers })]
  const run = aRun({ status: 'succeeded_with_leftovers', duration_ms: 5 })
  const { page: mounted } = await open(aSnapshot({ run, steps }))
  const marks = mounted.findAll('.row').map((row) => row.text().replaceAll(/\s+/g, ' '))
  expect(marks[0]).toContain('1,234 left')
  expect(marks[1]).toContain('Done')
  expect(marks[2]).toContain('1,234 left')
  expect(marks[2]).not.toContain('Done')
})
