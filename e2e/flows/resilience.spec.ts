import type { RunEvent, RunEventPage, RunList, RunSnapshot, RunStepStatus, Scope } from '@stage0/types'
import type { Page } from '@playwright/test'
import { PlanPage } from '../pages/plan-page.ts'
import { RunPage } from '../pages/run-page.ts'
import { Shell } from '../pages/shell.ts'
import type { DatabaseGate } from '@stage0/testkit'
import { expectAccessible } from '../support/axe.ts'
import { expect, test } from '../support/gate.ts'
import { FAILING_MIGRATION, LEAVING_MIGRATION, applyAll, makePlan, readRun } from '../support/runs.ts'
import { Stage0Process } from '../support/stage0.ts'
import type { Stage } from '../support/test.ts'

/**
 * Runs that do not go as wished. A run lasts as long as a test needs it: the gate in front of the database holds back one
 * command of it.
 */

// The limit is for hangs: each test has a service, and most a browser, to start on a machine with other work.
test.describe.configure({ timeout: 180_000 })

/** A machine with other work needs a while for a page that polls every few seconds. */
const SLOW = { timeout: 30_000 }

/** Begins a run that stays where it builds an index, somewhere in the middle. */
async function startHeldRun(
  stage: Stage,
  gate: DatabaseGate,
  { scope = {}, index = 'emailIndex' }: { readonly scope?: Scope; readonly index?: string } = {},
): Promise<string> {
  const plan = await makePlan(stage, scope)
  const isHeld = gate.holdAt('createIndexes', index)
  const answer = await stage.api.post('/api/runs', { data: { scope: plan.scope, plan_hash: plan.hash } })
  expect(answer.status(), await answer.text()).toBe(202)
  await isHeld
  return ((await answer.json()) as { run_id: string }).run_id
}

async function eventsOf({ api }: Stage, runId: string): Promise<readonly RunEvent[]> {
  const page = (await (await api.get(`/api/runs/${runId}/events`)).json()) as RunEventPage
  expect(page.events.map(({ seq }) => seq)).toEqual(page.events.map((_event, index) => index + 1))
  return page.events
}

/** Runs in the page, before its own scripts: notes the number of every event that reaches it, streamed or polled. */
const NOTE_EVENTS = `
  window.streamed = []
  window.polled = []
  window.EventSource = class extends EventSource {
    constructor(...args) {
      super(...args)
      this.addEventListener('message', ({ data }) => {
        const { seq } = JSON.parse(data)
        if (seq !== undefined) window.streamed.push(seq)
      })
    }
  }
  const ask = window.fetch
  window.fetch = async (...args) => {
    const answer = await ask(...args)
    if (answer.ok && /[/]events([?]|$)/.test(answer.url)) {
      const { events } = await answer.clone().json()
      window.polled.push(...events.map(({ seq }) => seq))
    }
    return answer
  }
`
const notedBy = (page: Page) =>
  page.evaluate<{ streamed: readonly number[]; polled: readonly number[] }>('({ streamed, polled })')

const WORDS: Readonly<Record<RunStepStatus, string>> = {
  succeeded: 'done',
  already: 'already so',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
  // Of a run that is over.
  running: 'cut off',
  pending: 'not begun',
}

/** The page of a run that is over says what became of its steps as the service says it. */
async function showsWhatIsSo(page: Page, { steps }: RunSnapshot): Promise<void> {
  const counts = new Map<RunStepStatus, number>()
  for (const { status } of steps) counts.set(status, (counts.get(status) ?? 0) + 1)
  for (const [status, count] of counts)
    await expect(page.getByRole('main')).toContainText(`${String(count)} ${WORDS[status]}`)
  await expect(new RunPage(page).steps.getByRole('link')).toHaveCount(steps.length)
}

test.describe('a repository whose migration fails on real data', () => {
  test.use({ stageOptions: { changes: FAILING_MIGRATION } })

  test('C-01, C-02: a failed run is called failed everywhere, its first error is pinned, and the message leads to the step', async ({
    page,
    stage,
  }) => {
    const plans = new PlanPage(page)
    const runs = new RunPage(page)
    const shell = new Shell(page)
    const main = page.getByRole('main')
    await page.goto('/plans/new?test_data=yes')
    await plans.show.click()
    await plans.apply.click()
    await plans.confirm()
    await shell.isAt(`Run on ${stage.database}`)
    await expect(main).toContainText('Put right what failed, then plan again', SLOW)

    const failed = await readRun(stage, runs.id)
    const step = failed.steps.find(({ status }) => status === 'failed')
    expect(failed.run.status).toBe('failed')
    expect(step).toMatchObject({ kind: 'migrate', collection: 'user' })
    await expect(runs.firstError).toContainText(step?.name ?? '?')
    await expect(runs.firstError).toContainText(step?.error?.message ?? '?')
    await expect(runs.firstError).toContainText(step?.error?.code ?? '?')
    await expect(main).not.toContainText('Succeeded')
    await showsWhatIsSo(page, failed)
    // The other collection went on, and says so (C-02: all of it is not called one thing).
    await expect(runs.steps.getByRole('button', { name: /^organization.*Done/ })).toBeVisible()
    await expect(runs.steps.getByRole('button', { name: /^user.*Failed/ })).toBeVisible()

    const message = shell.toasts.getByRole('listitem').filter({ hasText: 'The run failed' })
    await expect(message).toBeVisible(SLOW)
    await message.getByRole('link', { name: 'Open failing step' }).click()
    await expect(page).toHaveURL(new RegExp(`event=${encodeURIComponent(step?.id ?? '?')}$`))
    await expect(runs.details(step?.name ?? '?')).toContainText(step?.error?.message ?? '?')

    await page.reload()
    await expect(runs.firstError).toBeVisible()
    await expect(runs.details(step?.name ?? '?')).toContainText(step?.error?.code ?? '?')
    await shell.to('Runs').click()
    await shell.isAt('Runs')
    const line = page.getByRole('row', { name: /Failed/ })
    await expect(line).toHaveCount(1)
    await line.getByRole('link').first().click()
    await expect(runs.firstError).toContainText(step?.name ?? '?')
    await page.goto('/collections')
    await expect(page.getByRole('row', { name: /organization/ })).toContainText('In sync')
    await expect(page.getByRole('row', { name: /user/ })).not.toContainText('In sync')
  })
})

test('a run is cancelled from its page: it ends in order after the step under way, and says what is left', async ({
  page,
  stage,
  gate,
}) => {
  const id = await startHeldRun(stage, gate)
  const runs = new RunPage(page)
  const main = page.getByRole('main')
  await page.goto(`/runs/${id}`)
  await runs.cancel.click()
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('What is done stays done')
  await question.getByRole('button', { name: 'Let it run' }).click()
  expect((await readRun(stage, id)).run.cancel_requested, 'a question that was put away asks for nothing').toBe(false)
  await runs.cancel.click()
  await question.getByRole('button', { name: 'Cancel the run' }).click()
  await expect(page.getByRole('button', { name: 'Cancelling' })).toBeDisabled()
  const atWork = (await readRun(stage, id)).steps.find(({ status }) => status === 'running')
  await expect(main).toContainText(`It waits for the step under way: ${atWork?.name ?? '?'}.`)
  gate.release()

  await expect(main).toContainText('What was done stays done. Plan again to do what is left.', SLOW)
  const cancelled = await readRun(stage, id)
  expect(cancelled.run.status).toBe('cancelled')
  expect(cancelled.steps.find((step) => step.id === atWork?.id)?.status).toBe('succeeded')
  await showsWhatIsSo(page, cancelled)
  await page.getByRole('link', { name: /^Plan what is left/ }).click()
  await new PlanPage(page).show.click()
  await new Shell(page).isAt(`Plan for ${stage.database}`)
})

test.describe('a repository whose migration leaves documents that the new rules refuse', () => {
  test.use({ stageOptions: { changes: LEAVING_MIGRATION } })

  test('a run is paused from its page, another reader sees it wait and lets it go on; what it leaves is told', async ({
    page,
    browser,
    stage,
    gate,
  }) => {
    // Only what was there before a run can be left by it.
    await applyAll(stage, { versions: { user: '1.0.0.1' }, load_test_data: true })
    const id = await startHeldRun(stage, gate, { index: 'displayNameIndex' })
    const runs = new RunPage(page)
    const main = page.getByRole('main')
    await page.goto(`/runs/${id}`)
    // As with a keyboard.
    await runs.pause.press('Enter')
    await expect(main).toContainText('The run was asked to pause')
    await expect(runs.resume, 'the same button').toBeFocused()
    gate.release()
    await expect(main).toContainText('The run is paused', SLOW)
    expect((await readRun(stage, id)).run).toMatchObject({ status: 'running', paused: true })
    await expectAccessible(page, 'a run that is paused')

    const other = await browser.newContext({ baseURL: stage.url, viewport: { width: 390, height: 844 } })
    const theirs = await other.newPage()
    const there = new RunPage(theirs)
    await theirs.goto(`/runs/${id}`)
    await expect(theirs.getByRole('main')).toContainText('The run is paused')
    expect(await theirs.evaluate('document.documentElement.scrollWidth'), 'no sideways scrolling').toBe(390)
    await there.resume.click()

    for (const run of [runs, there]) {
      await expect(run.outcome).toContainText('Succeeded with leftovers:', SLOW)
      await expect(run.outcome).toContainText('do not match')
      await expect(run.firstError).toBeHidden()
    }
    const { run, steps } = await readRun(stage, id)
    const left = steps.find(({ leftovers }) => leftovers !== undefined)
    expect(run).toMatchObject({ status: 'succeeded_with_leftovers', error: { code: 'LEFTOVERS_FOUND' } })
    const message = new Shell(page).toasts.getByRole('listitem').filter({ hasText: 'succeeded with leftovers' })
    await message.getByRole('link', { name: 'Show the documents' }).click()
    for (const { id: document } of left?.leftovers?.samples ?? [])
      await expect(runs.details(left?.name ?? '?')).toContainText(document)
    await expectAccessible(page, 'a run that left documents')
    const told = (await eventsOf(stage, id)).flatMap((event) => (event.type === 'run.paused' ? [event.paused] : []))
    expect(told).toEqual([true, false])
    await other.close()
  })
})

test('a lost stream is resumed when the service is back: every event arrives, and none twice', async ({
  page,
  stage,
  gate,
}) => {
  await page.addInitScript({ content: NOTE_EVENTS })
  const isHeld = gate.holdAt('createIndexes', 'emailIndex')
  // Another process does the run, so that it goes on while the service is gone.
  const other = new Stage0Process(
    ['apply', '--yes', '--repository', stage.folder, '--uri', stage.uri, '--database', stage.database],
    { STAGE0_LEASE_MS: '60000' },
  )
  await isHeld
  const { items } = (await (await stage.api.get('/api/runs')).json()) as RunList
  const id = items[0]?.run_id ?? ''
  const runs = new RunPage(page)
  const main = page.getByRole('main')
  await page.goto(`/runs/${id}`)
  await expect(main).toContainText('Live')
  const before = (await readRun(stage, id)).last_seq

  // The next command of the run that is held: what comes before it happens while nobody listens.
  await stage.process.end('SIGKILL')
  await expect(main).not.toContainText('Live')
  const isHeldAgain = gate.holdAt('createIndexes', 'displayNameIndex')
  await isHeldAgain
  await stage.restart()
  await expect(main).toContainText('Live', SLOW)
  await expect(runs.step(/emailIndex/).filter({ hasText: 'Done' })).toBeVisible()
  gate.release()

  await expect(main).toContainText('Succeeded', SLOW)
  await expect.poll(() => other.process.exitCode, { message: other.output }).toBe(0)
  const events = await eventsOf(stage, id)
  expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded' })
  const { streamed, polled } = await notedBy(page)
  // Where the service stays away for long the page polls, and then streams again from where it is.
  const arrived = [...new Set([...streamed, ...polled])].filter((seq) => seq > before).sort((a, b) => a - b)
  expect(arrived, 'all that came after what the page began with').toEqual(
    events.map(({ seq }) => seq).filter((seq) => seq > before),
  )
  expect(streamed, 'in order, and none twice').toEqual([...new Set(streamed)].sort((a, b) => a - b))
  await showsWhatIsSo(page, await readRun(stage, id))
})

test('offline in the middle of a run: the page says that it may be old, and catches up', async ({
  page,
  context,
  stage,
  gate,
}) => {
  const id = await startHeldRun(stage, gate)
  const main = page.getByRole('main')
  await page.goto(`/runs/${id}`)
  await expect(main).toContainText('Live')
  await context.setOffline(true)
  await expect(page.getByRole('status').filter({ hasText: 'No connection' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Cancel the run' }), 'the last known state stays').toBeVisible()
  gate.release()
  await expect.poll(async () => (await readRun(stage, id)).run.status).toBe('succeeded')
  await context.setOffline(false)
  await expect(main).toContainText('Succeeded', SLOW)
  await showsWhatIsSo(page, await readRun(stage, id))
})

test.describe('with a short lease', () => {
  // A machine with other work must be able to renew it in time.
  test.use({ stageOptions: { settings: { STAGE0_LEASE_MS: '4000' } } })

  test('a service that is killed in mid-run: the page says interrupted, and the next run finishes what was begun', async ({
    page,
    stage,
    gate,
  }) => {
    const id = await startHeldRun(stage, gate)
    const runs = new RunPage(page)
    const shell = new Shell(page)
    const plans = new PlanPage(page)
    const main = page.getByRole('main')
    await page.goto(`/runs/${id}`)
    await expect(runs.cancel).toBeVisible()
    await stage.restart()
    gate.open()
    await expect(main).toContainText('Interrupted', SLOW)
    await expect(main).toContainText('The process that did it ended without a last word.')
    await expect(runs.step(/emailIndex/)).toContainText('Cut off')
    expect((await readRun(stage, id)).run.status).toBe('interrupted')

    await page.getByRole('link', { name: /^Plan what is left/ }).click()
    await plans.show.click()
    await shell.isAt(`Plan for ${stage.database}`)
    await plans.apply.click()
    await plans.confirm()
    await shell.isAt(`Run on ${stage.database}`)
    await expect(main).toContainText('Succeeded', SLOW)
    expect(runs.id).not.toBe(id)
    const next = await readRun(stage, runs.id)
    expect(next.run).toMatchObject({ status: 'succeeded', resumes: id })
    await page.getByRole('main').getByRole('link', { name: id }).click()
    await expect(main).toContainText('Another run finished what this one had begun.')
    await page.goto('/collections')
    await expect(page.getByRole('row', { name: /user/ })).toContainText('In sync')
  })
})

test('another reader sees a run that somebody else began: a message at its start and at its end, live in between', async ({
  page,
  browser,
  stage,
  gate,
}) => {
  const other = await browser.newContext({ baseURL: stage.url })
  const theirs = await other.newPage()
  const there = new Shell(theirs)
  const looked = theirs.waitForResponse((response) => response.url().includes('/api/runs'))
  await there.open('/types', 'Types')
  await looked

  const isHeld = gate.holdAt('createIndexes', 'emailIndex')
  const plans = new PlanPage(page)
  await page.goto('/plans/new')
  await plans.show.click()
  await plans.apply.click()
  await plans.confirm()
  await new Shell(page).isAt(`Run on ${stage.database}`)
  await isHeld
  const { id } = new RunPage(page)
  const { run } = await readRun(stage, id)
  const begun = there.toasts.getByRole('listitem').filter({ hasText: `${run.user} began a run of` })
  await expect(begun).toBeVisible(SLOW)
  await begun.getByRole('link', { name: 'Watch' }).click()
  await expect(theirs).toHaveURL(new RegExp(`/runs/${id}$`))
  await expect(theirs.getByRole('main')).toContainText('Live')
  gate.release()
  for (const reader of [page, theirs]) {
    await expect(reader.getByRole('main')).toContainText('Succeeded', SLOW)
    await expect(new Shell(reader).toasts).toContainText('The run succeeded', SLOW)
    await showsWhatIsSo(reader, await readRun(stage, id))
  }
  await other.close()
})
