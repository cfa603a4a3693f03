// @vitest-environment happy-dom
import { useConfirm, useToasts } from '@stage0/vue-kit'
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import type { RunSnapshot } from '@stage0/types'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mountPage, settle } from '../../shared/testing/mount-page.ts'
import { routes } from './routes.ts'
import { aRun, aSnapshot, aStep, at, FakeSource, finished, progressed, runFinished, started } from './testing/runs.ts'

const ERROR = {
  code: 'DUPLICATE_KEY',
  message: 'The slug "same" is there twice.',
  hint: 'Remove one.',
  file: 'configurations/user.yaml',
}
const FAILED = finished(4, 'organization/b', { status: 'failed', error: ERROR })

let page: VueWrapper | undefined

beforeEach(() => {
  FakeSource.opened.length = 0
  vi.stubGlobal('EventSource', FakeSource)
})
afterEach(() => {
  page?.unmount()
  page = undefined
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** The page of run r1; `answers` may be changed later. */
async function open(snapshot: RunSnapshot = aSnapshot(), path = '/runs/r1') {
  const answers: Record<string, unknown> = { '/api/runs/r1': snapshot, '/api/runs': { items: [snapshot.run] } }
  const mounted = await mountPage(routes, path, answers)
  page = mounted.page
  const source = () => {
    const last = FakeSource.opened.at(-1)
    if (last === undefined) throw new Error('no stream was opened')
    return last
  }
  return { ...mounted, answers, source, text: () => mounted.page.text() }
}

/** What came is drawn with the next frame. */
async function drawn(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(resolve))
  await flushPromises()
}
/** The steps that are listed, each as its words. */
const lines = (): string[] =>
  (page?.findAll('.step') ?? []).map((line) =>
    [...line.element.children]
      .map((part) => part.textContent.replaceAll(/\s+/g, ' ').trim())
      .filter((text) => text !== '')
      .join(' '),
  )
const button = (name: string) => {
  const found = page?.findAll('button, a').find((one) => one.text().trim() === name)
  if (found === undefined) throw new Error(`no button ${name}`)
  return found
}

describe('the page of a run', () => {
  it('shows every planned step before the first event, and fills in as events arrive', async () => {
    const { source, text } = await open()
    expect(lines()).toEqual(['Pending build organization/a', 'Pending build organization/b', 'Pending build user/a'])
    expect(text()).toContain('0 of 3 steps')
    source().connect()
    source().tell(
      started(1, 'organization/a'),
      finished(2, 'organization/a'),
      started(3, 'organization/b'),
      progressed(4, 'organization/b', 50, 200),
    )
    await drawn()
    expect(lines()[0]).toBe('Done build organization/a 40 ms')
    expect(lines()[1]).toContain('Running build organization/b 50 of 200 documents')
    expect(text()).toContain('1 of 3 steps')
    expect(text()).toContain('Live')
  })

  it('draws a burst of events once', async () => {
    const steps = Array.from({ length: 400 }, (_, index) => aStep(`many/${String(index)}`))
    const { source, text } = await open(aSnapshot({ run: aRun({ steps: 400 }), steps }))
    source().connect()
    source().tell(...steps.flatMap(({ id }, index) => [started(2 * index + 1, id), finished(2 * index + 2, id)]))
    expect(text()).toContain('0 of 400 steps')
    await drawn()
    expect(text()).toContain('400 of 400 steps')
    // Only the lines in sight are in the document.
    expect(lines().length).toBeLessThan(100)
  })

  it('C-01 pins the first error, with code, hint and place, and leads to the failing step', async () => {
    const { source, router } = await open()
    source().connect()
    source().tell(started(3, 'organization/b'), FAILED)
    await drawn()
    const card = page?.get('[data-testid="first-error"]')
    expect(card?.text()).toContain(ERROR.message)
    expect(card?.text()).toContain(ERROR.hint)
    expect(card?.findAll('a').map((link) => link.attributes('href'))).toEqual([
      '/errors/DUPLICATE_KEY',
      '/collections/user/yaml',
    ])
    await button('Show the failing step').trigger('click')
    await settle()
    expect(router.currentRoute.value.query).toEqual({ event: 'organization/b' })
    expect(page?.get('.details').text()).toContain(ERROR.message)
  })

  it('C-01 C-02 a run that failed ends with the word of the service, and says what to do', async () => {
    const { source, answers, text } = await open()
    source().connect()
    answers['/api/runs'] = { items: [] }
    const end = runFinished(5, { status: 'failed', counts: { succeeded: 1, failed: 1, skipped: 1 } })
    answers['/api/runs/r1'] = aSnapshot({
      run: aRun({ status: 'failed', duration_ms: 900 }),
      steps: [
        aStep('organization/a', { status: 'succeeded' }),
        aStep('organization/b', { status: 'failed', error: ERROR }),
        aStep('user/a', { status: 'skipped' }),
      ],
      last_seq: 5,
    })
    source().tell(finished(2, 'organization/a'), FAILED, end)
    await drawn()
    await settle()
    expect(text()).toContain('Failed')
    expect(text()).not.toContain('Succeeded')
    expect(text()).toContain('1 done, 1 failed, 1 skipped, in 900 ms.')
    expect(button('Plan what is left (2 collections)').attributes('href')).toBe(
      '/plans/new?collections=organization%2Cuser',
    )
    expect(source().readyState).toBe(2)
  })

  it('goes on from its snapshot after a reload, with the selected step open', async () => {
    const steps = [
      aStep('organization/a', { status: 'succeeded', seq: 2 }),
      aStep('organization/b', { status: 'running', seq: 3 }),
      aStep('user/a'),
    ]
    const { source } = await open(aSnapshot({ steps, last_seq: 3 }), '/runs/r1?event=organization/a')
    expect(source().url).toBe('/api/runs/r1/events?after=3')
    expect(page?.get('.details h2').text()).toBe('build organization/a')
    source().connect()
    // What is sent again is not counted again.
    source().tell(finished(2, 'organization/a', { status: 'failed' }), finished(4, 'organization/b'))
    await drawn()
    expect(lines().map((line) => line.split(' ')[0])).toEqual(['Done', 'Done', 'Pending'])
  })

  it('tells that the connection is lost, polls meanwhile, and is live again', async () => {
    const { source, answers, text } = await open()
    const toasts = useToasts()
    source().connect()
    vi.useFakeTimers()
    for (let failure = 0; failure < 3; failure += 1) source().break()
    await vi.advanceTimersByTimeAsync(100)
    expect(text()).toContain('No connection')
    expect(toasts.items.map(({ text: told }) => told).join()).toContain('connection to the service is lost')
    answers['/api/runs/r1/events'] = { events: [finished(1, 'organization/a')], last_seq: 1, finished: false }
    await vi.advanceTimersByTimeAsync(3000)
    expect(text()).toContain('asking every 2 seconds')
    expect(lines()[0]).toContain('Done')
    expect(toasts.items.map(({ text: told }) => told)).toEqual(['The connection is back; what was missed is shown.'])
    // From what it has: with the number of the last event where asking was answered before the stream is opened again.
    expect(FakeSource.opened.map(({ url }) => url).at(-1)).toMatch(/^\/api\/runs\/r1\/events(\?after=1)?$/)
    expect(FakeSource.opened.length).toBeGreaterThan(1)
    source().connect()
    await vi.advanceTimersByTimeAsync(10)
    expect(text()).toContain('Live')
  })

  it('a run whose process ended is interrupted, also where no event says so', async () => {
    const { source, answers, text } = await open(
      aSnapshot({ last_seq: 1, steps: [aStep('organization/a', { status: 'running' }), aStep('user/a')] }),
    )
    source().connect()
    const snapshot = aSnapshot({
      run: aRun({ status: 'interrupted' }),
      steps: [aStep('organization/a', { status: 'running' }), aStep('user/a')],
      last_seq: 1,
    })
    answers['/api/runs/r1'] = snapshot
    source().tell({ type: 'snapshot', snapshot })
    await drawn()
    expect(text()).toContain('Interrupted')
    expect(text()).toContain('the next run looks at what was begun and finishes it')
    expect(lines().map((line) => line.split(' build')[0])).toEqual(['Cut off', 'Not begun'])
    expect(source().readyState).toBe(2)
  })

  it('asks before it cancels, and shows what the run waits for', async () => {
    const { answers, asked, text, source } = await open()
    source().connect()
    source().tell(started(1, 'organization/a'))
    await drawn()
    await button('Cancel the run').trigger('click')
    useConfirm().answer(false)
    await settle()
    expect(text()).not.toContain('asked to end')
    answers['/api/runs/r1'] = aSnapshot({ run: aRun({ cancel_requested: true }) })
    await button('Cancel the run').trigger('click')
    useConfirm().answer(true)
    await settle()
    expect(asked.filter((path) => path === '/api/runs/r1').length).toBeGreaterThan(1)
    expect(text()).toContain('The run was asked to end')
    expect(text()).toContain('It waits for the step under way: build organization/a.')
    expect(button('Cancelling').attributes('disabled')).toBeDefined()
  })

  it('shows that somebody else asked the run to end', async () => {
    const snapshot = aSnapshot()
    const mounted = await mountPage(routes, '/runs/r1', {
      '/api/runs/r1': snapshot,
      '/api/runs': { items: [aRun({ cancel_requested: true })] },
    })
    page = mounted.page
    expect(page.text()).toContain('It ends before the next step.')
  })

  it('C-13 an answer that does not come in time is told as that, and what was there stays', async () => {
    const { text, router } = await open()
    vi.useFakeTimers()
    vi.stubGlobal(
      'fetch',
      ({ signal }: Request) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
        ),
    )
    await button('Cancel the run').trigger('click')
    useConfirm().answer(true)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(text()).toContain('The service did not answer in time')
    expect(text()).toContain('It may still be carried out.')
    expect(lines()).toHaveLength(3)
    await router.push('/runs/r2')
    await vi.advanceTimersByTimeAsync(600_000)
    expect(text()).toContain('The service did not answer in time')
    expect(text()).not.toContain('There is no such run')
  })

  it('a run that nobody knows has a page that says so', async () => {
    const { text } = await open(aSnapshot(), '/runs/nope')
    expect(text()).toContain('There is no such run')
    expect(text()).toContain('nope')
    expect(FakeSource.opened).toEqual([])
  })

  it('a run that has the lock and no record yet is waited for, and shown as soon as it is recorded', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const lock = { run_id: 'r2', user: 'ann', host: 'desk', command: 'stage0 apply', since: at(0) }
    const answers: Record<string, unknown> = { '/api/runs': { items: [], lock } }
    const mounted = await mountPage(routes, '/runs/r2', answers)
    page = mounted.page
    expect(page.text()).toContain('The run is about to begin')
    expect(page.text()).not.toContain('There is no such run')
    answers['/api/runs/r2'] = aSnapshot({ run: aRun({ run_id: 'r2' }) })
    await vi.advanceTimersByTimeAsync(1000)
    await settle()
    expect(lines()).toHaveLength(3)
  })

  it('a run that came and went between two questions is not called unknown', async () => {
    const answers: Record<string, unknown> = { '/api/runs': { items: [] } }
    const known = aSnapshot({ run: aRun({ run_id: 'r2', status: 'succeeded' }) })
    let isAsked = false
    Object.defineProperty(answers, '/api/runs/r2', {
      get: () => {
        const answer = isAsked ? known : undefined
        isAsked = true
        return answer
      },
    })
    const mounted = await mountPage(routes, '/runs/r2', answers)
    page = mounted.page
    expect(page.text()).toContain('Succeeded')
    expect(page.text()).not.toContain('There is no such run')
  })

  it('a run that has ended is not streamed', async () => {
    await open(aSnapshot({ run: aRun({ status: 'succeeded', duration_ms: 5 }) }))
    expect(FakeSource.opened).toEqual([])
  })

  it('a filter lists only failed steps, and stands in the address', async () => {
    const steps = [
      aStep('organization/a', { status: 'failed', error: ERROR }),
      aStep('user/a', { status: 'succeeded' }),
    ]
    const { router } = await open(aSnapshot({ run: aRun({ status: 'failed' }), steps }))
    await page
      ?.findAll('[aria-pressed]')
      .find((one) => one.text().startsWith('Failed'))
      ?.trigger('click')
    await settle()
    expect(router.currentRoute.value.query).toEqual({ show: 'failed' })
    expect(lines()).toEqual(['Failed build organization/a'])
  })

  it('reads the events of a step when they are wanted', async () => {
    const events = [started(1, 'organization/a'), finished(2, 'organization/a'), started(3, 'user/a')]
    const steps = [aStep('organization/a', { status: 'succeeded', seq: 2 })]
    const { answers, asked } = await open(
      aSnapshot({ run: aRun({ status: 'succeeded' }), steps, last_seq: 3 }),
      '/runs/r1?event=organization/a',
    )
    expect(asked.some((path) => path.includes('/events'))).toBe(false)
    answers['/api/runs/r1/events'] = { events, last_seq: 3, finished: true }
    const raw = page?.get('.details details')
    if (raw?.element instanceof HTMLDetailsElement) raw.element.open = true
    await raw?.trigger('toggle')
    await settle()
    expect(raw?.text()).toContain('"seq": 2')
    expect(raw?.text()).not.toContain('"seq": 3')
  })
})
