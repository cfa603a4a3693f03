import type { Request } from '@playwright/test'
import type { RunEventPage } from '@stage0/types'
import { PlanPage } from '../pages/plan-page.ts'
import { RunPage } from '../pages/run-page.ts'
import { Shell } from '../pages/shell.ts'
import { ViewerPage } from '../pages/viewer-page.ts'
import { expect, test } from '../support/gate.ts'
import { largeCollection } from '../support/large.ts'

// Figures are printed for people; a machine that is busy must fail no test, so no time is asserted.
const print = (what: string, figure: string) => process.stdout.write(`\n  ${what}: ${figure}`)
const kb = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

test('the first load is small', async ({ page }) => {
  const requests: Request[] = []
  page.on('requestfinished', (request) => requests.push(request))
  const shell = new Shell(page)
  await shell.open('/', 'Overview')
  await expect(page.getByRole('main').getByRole('region', { name: 'Environment' })).toBeVisible()
  await page.evaluate('document.fonts.ready')
  const bytesOf = async (...types: string[]) => {
    const sizes = requests.filter((one) => types.includes(one.resourceType())).map((one) => one.sizes())
    return (await Promise.all(sizes)).reduce((sum, { responseBodySize }) => sum + responseBodySize, 0)
  }
  const [scripts, styles, fonts] = [await bytesOf('script'), await bytesOf('stylesheet'), await bytesOf('font')]
  print('first load', `${kb(scripts)} JS, ${kb(styles)} CSS, ${kb(fonts)} fonts in ${String(requests.length)} requests`)
  expect(scripts).toBeGreaterThan(0)
  expect(scripts).toBeLessThanOrEqual(220_000)
  expect(styles).toBeLessThanOrEqual(55_000)
  expect(fonts).toBeLessThanOrEqual(100_000)
})

test.describe('large schemas', () => {
  const SIZES = [500, 2_000]
  const nameOf = (count: number) => `wide_${String(count)}`
  test.use({
    stageOptions: { changes: Object.assign({}, ...SIZES.map((count) => largeCollection(nameOf(count), count))) },
  })

  test('of 500 and 2,000 properties open with few requests, and few of their rows are in the document', async ({
    page,
  }) => {
    const shell = new Shell(page)
    const viewer = new ViewerPage(page)
    await shell.open('/collections', 'Collections')
    // The parts of the viewer are loaded once: what is measured is a schema.
    await page.getByRole('row', { name: /user/ }).getByRole('link', { name: 'user' }).click()
    await expect(viewer.tree('user')).toBeVisible()
    test.slow()
    for (const count of SIZES) {
      const name = nameOf(count)
      await shell.to('Collections').click()
      await shell.isAt('Collections')
      const requests: string[] = []
      const note = (request: Request) => requests.push(request.url())
      page.on('request', note)
      const start = performance.now()
      await page
        .getByRole('row', { name: new RegExp(name) })
        .getByRole('link', { name })
        .click()
      await expect(viewer.tree(name)).toBeVisible({ timeout: 30_000 })
      await page.getByRole('button', { name: 'Expand all' }).click()
      await expect(viewer.property('field_0')).toBeVisible()
      print(`${String(count)} properties interactive`, `${(performance.now() - start).toFixed(0)} ms`)
      page.off('request', note)
      print(`requests to open ${String(count)} properties`, String(requests.length))
      expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(8)

      // All are there for a reader (with the header, the root and its identity), and those in sight in the document.
      await expect(viewer.tree(name)).toHaveAttribute('aria-rowcount', String(count + 3))
      expect(await viewer.tree(name).getByRole('row').count()).toBeLessThanOrEqual(100)
      await viewer.filter.fill('field_498')
      await expect(viewer.property('field_498')).toBeVisible()
      await viewer.filter.clear()
    }
  })
})

/** Notes in the page when the steps of a run are first shown as done. */
const NOTE_STEPS = `
  window.shown = {};
  new MutationObserver(() => {
    for (const link of document.querySelectorAll('[aria-label="Steps of the run"] a'))
      if (link.textContent.includes('Done')) window.shown[new URL(link.href).searchParams.get('event')] ??= Date.now();
  }).observe(document, { subtree: true, childList: true, characterData: true });
`

test('events are on the screen soon after they happened', async ({ page, gate, stage }) => {
  const shell = new Shell(page)
  const plans = new PlanPage(page)
  const runs = new RunPage(page)
  await page.addInitScript(NOTE_STEPS)
  await shell.open('/plans/new', 'Plan changes')
  await plans.all.check()
  await plans.show.click()
  const held = gate.holdAt('collMod', 'organization')
  await plans.apply.click()
  await plans.confirm()
  await held
  await expect(page.getByRole('main')).toContainText('Live')
  gate.release()
  await expect(page.getByRole('main')).toContainText('Succeeded', { timeout: 30_000 })
  const { events } = (await (await stage.api.get(`/api/runs/${runs.id}/events?after=0`)).json()) as RunEventPage
  const shown = await page.evaluate<Record<string, number>>('window.shown')
  const finished = events.filter((event) => event.type === 'step.finished')
  expect(Object.keys(shown).sort()).toEqual(
    finished
      .filter(({ status }) => status === 'succeeded')
      .map((event) => event.step_id)
      .sort(),
  )
  // What was done before the page was there is shown with it.
  const delays = finished.map((event) => (shown[event.step_id] ?? 0) - Date.parse(event.at)).sort((a, b) => a - b)
  const middle = delays[Math.floor(delays.length / 2)] ?? Number.NaN
  print('event to screen', `${middle.toFixed(0)} ms in the middle of ${String(delays.length)} steps\n`)
})
