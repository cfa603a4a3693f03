import type { CollectionDetail, PlanView, ProblemDetails, RunList } from '@stage0/types'
import type { Page } from '@playwright/test'
import { PlanPage } from '../pages/plan-page.ts'
import { Shell } from '../pages/shell.ts'
import { expect, test } from '../support/gate.ts'
import { isUpdating, PICTURED, takePictures, writeGallery } from '../support/pictures.ts'
import { applyAll, readRun } from '../support/runs.ts'
import { Stage0Process } from '../support/stage0.ts'
import type { Stage } from '../support/test.ts'

/**
 * What a user sees when something does not work, and that nothing of what was chosen or typed is lost. Answers are the
 * service's own, except 500 and the timeout, which a sound service does not give. 412 and 428 answer writes of files,
 * which this version does not do: nothing in the console can get them.
 */

// A picture shows a name that one can read.
const named = isUpdating ? { database: 'sample' } : {}
// The limit is for hangs: each test has a service, and most a browser, to start on a machine with other work.
test.describe.configure({ timeout: 180_000 })

/** The execution selector with a selection that is not the usual one. */
class Selector {
  readonly plans: PlanPage
  readonly alert
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
    this.plans = new PlanPage(page)
    this.alert = page.getByRole('alert')
  }

  async open(): Promise<void> {
    await this.page.goto('/plans/new?collections=user&test_data=yes')
    await this.isKept()
  }

  async isKept(): Promise<void> {
    await expect(this.page).toHaveURL(/\/plans\/new\?collections=user&test_data=yes$/)
    await expect(this.page.getByRole('checkbox', { name: 'Choose user' })).toBeChecked()
    await expect(this.page.getByRole('checkbox', { name: 'Choose organization' })).not.toBeChecked()
    await expect(this.plans.withTestData).toBeChecked()
  }

  /** The same selection is planned, without choosing anything again. */
  async works(stage: Stage): Promise<void> {
    await this.plans.show.click()
    await new Shell(this.page).isAt(`Plan for ${stage.database}`)
    await expect(this.plans.collection('user')).toContainText('Version 1.1.0.2')
    await expect(this.plans.collection('organization')).toHaveCount(0)
  }
}

test('400: what is wrong in the request is named by its field, with the number that leads to the log', async ({
  page,
}) => {
  await page.goto(`/runs/${'x'.repeat(101)}`)
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('The request is not as the contract says')
  await expect(alert.getByRole('listitem')).toHaveText(/^\/path\/id must NOT have more than 100 characters$/)
  await expect(alert).toContainText(/REQUEST_INVALID · Request [0-9a-f]{32}/)
})

test.describe('where dropping was allowed', () => {
  test.use({
    stageOptions: { changes: { 'api_config/BUILT_AT': 'Local' }, settings: { ENABLE_DROP_DATABASE: 'true' } },
  })

  test('403: what the service no longer allows is refused with its reason, and nothing is dropped', async ({
    page,
    stage,
  }) => {
    await applyAll(stage)
    await page.goto('/settings')
    const drop = page.getByRole('button', { name: 'Drop database' })
    await expect(drop).toBeEnabled()
    await stage.change({ 'api_config/BUILT_AT': '2026-11-01' })
    await stage.restart()

    await drop.click()
    const question = page.getByRole('alertdialog')
    const verb = question.getByRole('button', { name: 'Drop database' })
    await expect(verb).toBeDisabled()
    await question.getByRole('textbox').fill(stage.database)
    await verb.click()
    // The page may tell besides that the service was away for a while.
    const refusal = page.getByRole('region', { name: 'Danger zone' }).getByRole('alert')
    await expect(refusal).toContainText('Dropping is for local work only')
    await expect(refusal).toContainText('DROP_NOT_LOCAL')

    const user = (await (await stage.api.get('/api/collections/user')).json()) as CollectionDetail
    expect(user.row).toMatchObject({ state: 'in sync', recorded: '1.1.0.2' })
    await page.reload()
    await expect(page.getByText('The database cannot be dropped here')).toBeVisible()
    await expect(drop).toHaveCount(0)
  })
})

test('404: what is not there is said in the words of what was asked for, with a way on', async ({ page, stage }) => {
  const missing = [
    { path: '/nowhere', heading: 'There is no such page', wayOut: 'Go to the start page', to: /\/$/ },
    { path: '/collections/nobody', heading: 'There is no such page', wayOut: 'Go to the start page', to: /\/$/ },
    {
      path: '/collections/user/v/9.9.9.9/schema',
      heading: 'There is no such page',
      wayOut: 'Show the newest version of user',
      to: /\/collections\/user\/v\/1\.1\.0\.2\/schema$/,
    },
    { path: '/runs/no-such-run', heading: 'There is no such run', wayOut: 'Show the runs', to: /\/runs$/ },
    {
      // The service forgets plans; the selection is in the address, so that the same can be planned again.
      path: '/plans/forgotten?collections=user&test_data=yes',
      heading: 'The service no longer has this plan',
      wayOut: 'Plan again',
      to: /\/plans\/new\?collections=user&test_data=yes$/,
    },
  ]
  for (const { path, heading, wayOut, to } of missing) {
    await test.step(path, async () => {
      await new Shell(page).open(path, heading)
      await page.getByRole('main').getByRole('link', { name: wayOut }).click()
      await expect(page).toHaveURL(to)
    })
  }
  await new Selector(page).works(stage)
})

test('409: a second run is refused with who holds the database and a way to that run; the plan stays', async ({
  page,
  stage,
  gate,
}) => {
  const selector = new Selector(page)
  await selector.open()
  await selector.works(stage)
  const planAddress = page.url()
  const isHeld = gate.holdAt('createIndexes', 'emailIndex')
  const other = new Stage0Process(
    ['apply', '--yes', '--repository', stage.folder, '--uri', stage.uri, '--database', stage.database],
    { STAGE0_LEASE_MS: '60000' },
  )
  await isHeld

  await selector.plans.apply.click()
  await selector.plans.confirm()
  await expect(selector.alert).toContainText('LOCK_HELD')
  const { lock } = (await (await stage.api.get('/api/runs')).json()) as RunList
  expect(lock).toMatchObject({ pid: other.process.pid })
  await expect(selector.alert).toContainText(
    `${lock?.user ?? '?'} on ${lock?.host ?? '?'} runs ${lock?.command ?? '?'}`,
  )
  expect(page.url(), 'the reader is still at the plan').toBe(planAddress)
  await expect(selector.plans.collection('user')).toContainText('Version 1.1.0.2')
  await expect(selector.plans.apply).toBeEnabled()

  await selector.alert.getByRole('link', { name: 'Watch that run' }).click()
  await expect(page).toHaveURL(new RegExp(`/runs/${lock?.run_id ?? '?'}$`))
  await expect(page.getByRole('main')).toContainText('Running')
  gate.release()
  await expect(page.getByRole('main')).toContainText('Succeeded')
  await expect.poll(() => other.process.exitCode, { message: other.output }).toBe(0)
  expect((await readRun(stage, lock?.run_id ?? '')).run.status).toBe('succeeded')
})

test('422: a target version that is not there is refused by name, and a selection outlives a broken repository', async ({
  page,
  stage,
}) => {
  const selector = new Selector(page)
  await test.step('a version of nobody', async () => {
    await page.goto('/plans/new?collections=user&to=user%3A9.9.9.9')
    await selector.plans.show.click()
    await expect(selector.alert).toContainText('No such version')
    await expect(selector.alert).toContainText('"9.9.9.9"')
    await expect(page).toHaveURL(/9\.9\.9\.9/)
    await expect(page.getByRole('checkbox', { name: 'Choose user' })).toBeChecked()
  })
  await test.step('a repository that broke while the page was open', async () => {
    await selector.open()
    const email = await (await stage.api.get('/api/types/email.yaml', { headers: { accept: 'text/plain' } })).text()
    await stage.change({ 'types/email.yaml': 'root: [' })
    await selector.plans.show.click()
    await expect(selector.alert).toContainText('The repository has errors')
    await selector.isKept()
    await stage.change({ 'types/email.yaml': email })
    await selector.works(stage)
  })
})

test('a plan that is refused says why, offers another selection, and cannot be applied', async ({ page, stage }) => {
  await applyAll(stage)
  const user = await (
    await stage.api.get('/api/configurations/user.yaml', { headers: { accept: 'text/plain' } })
  ).text()
  // Somebody took back the version that the database has already.
  await stage.change({ 'configurations/user.yaml': user.slice(0, user.indexOf('  - version: 1.1.0.2')) })
  await page.goto('/plans/new')
  const plans = new PlanPage(page)
  const answer = page.waitForResponse((response) => response.url().endsWith('/api/plans'))
  await plans.show.click()
  const plan = (await (await answer).json()) as PlanView
  expect(plan.refused).toBe(true)
  await expect(page.getByText('Errors speak against this plan: nothing can be applied.')).toBeVisible()
  await expect(plans.apply).toBeDisabled()
  await expect(plans.apply).toHaveAccessibleDescription(/Errors speak against this plan/)
  for (const { text } of plan.problems) await expect(page.getByRole('main')).toContainText(text.replaceAll('`', ''))
  await page.getByRole('link', { name: 'Change the selection' }).click()
  await expect(page).toHaveURL(/\/plans\/new/)
})

test('C-09: 500: a defect shows its number for the log beside the selection, which is still there to be sent again', async ({
  page,
  stage,
}) => {
  const selector = new Selector(page)
  await selector.open()
  const body: ProblemDetails = {
    type: '/api/errors/SERVICE_DEFECT',
    title: 'A defect of the service',
    status: 500,
    instance: 'the-number-of-the-request',
    code: 'SERVICE_DEFECT',
    fix: 'Please report it, with the lines of the log.',
    error: 'A defect of the service',
  }
  await page.route('**/api/plans', (route) =>
    route.fulfill({
      status: 500,
      headers: { 'content-type': 'application/problem+json', 'x-correlation-id': body.instance },
      json: body,
    }),
  )
  await selector.plans.show.click()
  await expect(selector.alert).toContainText('A defect of the service')
  await expect(selector.alert).toContainText('SERVICE_DEFECT · Request the-number-of-the-request')
  await selector.isKept()
  await page.unroute('**/api/plans')
  await selector.works(stage)
})

test('C-13: a service that does not answer in time is said to be so, and the selection can be sent again', async ({
  page,
  stage,
}) => {
  await page.clock.install()
  const selector = new Selector(page)
  await selector.open()
  const asked = page.waitForRequest('**/api/plans')
  await page.route('**/api/plans', () => undefined)
  await selector.plans.show.click()
  await asked
  await expect(page.getByRole('button', { name: 'Planning ...' })).toBeDisabled()
  await page.clock.fastForward(30_000)
  await expect(selector.alert).toContainText('The service did not answer in time')
  await expect(selector.alert).toContainText('It may still be carried out')
  await selector.isKept()
  await page.unroute('**/api/plans')
  await selector.works(stage)
})

test('offline and back: every page says so for as long as it lasts, and nothing that was chosen is lost', async ({
  page,
  context,
  stage,
}) => {
  const selector = new Selector(page)
  await selector.open()
  const banner = page.getByRole('status').filter({ hasText: 'No connection' })
  await context.setOffline(true)
  await expect(banner).toBeVisible()
  await selector.plans.show.click()
  await expect(selector.alert).toContainText('The service cannot be reached')
  await expect(selector.alert).toContainText('OFFLINE')
  await selector.isKept()
  await context.setOffline(false)
  await expect(banner).toHaveCount(0)
  await selector.works(stage)
})

test('503: without its database the service still shows the repository, says what is missing, and goes on when it is back', async ({
  page,
  stage,
  gate,
}) => {
  const selector = new Selector(page)
  await selector.open()
  gate.shut()
  await selector.plans.show.click()
  await expect(selector.alert).toContainText(/TARGET_(UNREACHABLE|CONNECTION_LOST)/, { timeout: 40_000 })
  await selector.isKept()
  // A list may be up to two seconds old (decisions.md 9): then it still says what was so.
  await expect(async () => {
    await page.goto('/collections')
    await expect(page.getByRole('main')).toContainText('The database could not be read: what it holds is not known')
  }).toPass({ timeout: 60_000 })
  await expect(page.getByRole('row', { name: /user/ })).toContainText('Unknown')
  gate.open()
  await expect.poll(async () => (await stage.api.get('/api/health/ready')).status(), { timeout: 40_000 }).toBe(200)
  await selector.open()
  await selector.works(stage)
})

test.describe('a repository with broken files', () => {
  const BROKEN = 'versions: [\n  - version: one'
  test.use({ stageOptions: { ...named, changes: { 'configurations/broken.yaml': BROKEN } } })

  test(
    'C-14: a broken collection is listed as broken, shows its text and the parser’s message, and is told of when planning',
    PICTURED,
    async ({ page, stage }) => {
      const row = page.getByRole('row', { name: /broken/ })
      await page.goto('/collections')
      await expect(row).toContainText('Invalid')
      await expect(page.getByRole('row', { name: /user/ })).toBeVisible()
      await takePictures(page, 'broken-files')
      await page.goto('/collections?state=invalid')
      await expect(row).toBeVisible()
      await expect(page.getByRole('row', { name: /user/ })).toHaveCount(0)

      await row.getByRole('link', { name: 'broken' }).click()
      await new Shell(page).isAt('broken')
      const main = page.getByRole('main')
      await expect(main).toContainText('configurations/broken.yaml cannot be read as a configuration')
      await expect(main).toContainText('version: one')
      const { problems } = (await (await stage.api.get('/api/collections/broken')).json()) as CollectionDetail
      expect(problems.length).toBeGreaterThan(0)
      for (const { text } of problems) await expect(main).toContainText(text.replaceAll('`', ''))

      await page.goto('/problems')
      await expect(main).toContainText('configurations/broken.yaml')
      await page.goto('/plans/new')
      await expect(main).toContainText('1 collection cannot be planned: its files have errors.')
      await page.getByRole('button', { name: 'Show the plan' }).click()
      await expect(page.getByRole('alert')).toContainText('The repository has errors')
    },
  )
})

test.describe('an empty repository', () => {
  const changes = { 'configurations/user.yaml': undefined, 'configurations/organization.yaml': undefined }
  test.use({ stageOptions: { ...named, changes } })

  test('says what is missing and what to do', PICTURED, async ({ page }) => {
    const shell = new Shell(page)
    await shell.open('/', 'Overview')
    await expect(page.getByRole('main')).toContainText('The repository has no collections yet')
    await takePictures(page, 'empty')
    await shell.open('/runs', 'Runs')
    await expect(page.getByRole('main')).toContainText('Nothing was applied yet')
    await takePictures(page, 'no-runs')
    writeGallery()
  })
})
