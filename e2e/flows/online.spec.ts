import { PlanPage } from '../pages/plan-page.ts'
import { RunPage } from '../pages/run-page.ts'
import { Shell } from '../pages/shell.ts'
import { expectAccessible } from '../support/axe.ts'
import { expectFits } from '../support/layout.ts'
import { LEAVING_ARCHIVED, PEOPLE, STRICT_VERSION, WITH_PEOPLE, withStrictVersion } from '../support/people.ts'
import { isUpdating, PICTURED, takePictures } from '../support/pictures.ts'
import { applyAll, makePlan, readRun } from '../support/runs.ts'
import { Stage0Process, startServer } from '../support/stage0.ts'
import { expect, test as base, type Stage } from '../support/test.ts'

/** On a replica set, where a migration is done online; at a pace that leaves time to look at it. */
const test = base.extend({
  server: [
    async ({}, use) => {
      const server = await startServer('rs0')
      await use(server)
      await server.end()
    },
    { scope: 'worker' },
  ],
})
test.describe.configure({ timeout: 240_000 })
test.use({
  stageOptions: {
    ...(isUpdating ? { database: 'sample' } : {}),
    changes: { ...WITH_PEOPLE, ...LEAVING_ARCHIVED, ...STRICT_VERSION },
    settings: { MIGRATION_BATCH_SIZE: '1', MIGRATION_PAUSE_MS: '400' },
  },
})

const PHONE = { width: 390, height: 844 }
const DESK = { width: 1280, height: 800 }
const SLOW = { timeout: 60_000 }
const FILE = 'configurations/user.yaml'

const textOf = async ({ api }: Stage) => (await api.get(`/api/${FILE}`, { headers: { accept: 'text/plain' } })).text()

test(
  'what the stored documents say against a plan is shown by rule and by key, with samples',
  PICTURED,
  async ({ page, stage, pageErrors }) => {
    await applyAll(stage, { collections: ['user'], versions: { user: '1.0.0.1' }, load_test_data: true })
    await stage.change({ [FILE]: withStrictVersion(await textOf(stage)) })
    const { id } = await makePlan(stage, { collections: ['user'] })
    const shell = new Shell(page)
    await shell.open(`/plans/${id}`, `Plan for ${stage.database}`)
    const evidence = page.getByRole('region', { name: 'Evidence from the data: user' })
    const rules = evidence.getByRole('table', { name: 'Documents that would fail, by rule' })
    await expect(rules.getByRole('row', { name: /email required/ })).toContainText(String(PEOPLE / 8), SLOW)
    const duplicates = evidence.getByRole('table', { name: 'Keys that several documents share' })
    await expect(duplicates.getByRole('row', { name: /last_name: "Okonkwo"/ })).toContainText(String(PEOPLE / 10))
    await expect(evidence).toContainText(`${String(PEOPLE)} documents`)

    await test.step('by keyboard: a table that scrolls sideways takes the focus, samples open', async () => {
      await evidence.getByRole('region', { name: 'Documents that would fail, by rule' }).focus()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      const samples = evidence.getByRole('table', { name: 'Documents that would fail, with the rules that they break' })
      await expect(samples.getByRole('row', { name: /email required/ })).toHaveCount(PEOPLE / 8)
    })
    await expectAccessible(page, 'evidence')
    await page.evaluate('document.activeElement.blur()')
    await takePictures(page, 'evidence', evidence)
    await page.setViewportSize(PHONE)
    await expectFits(page, 'evidence at 390 px')
    const tables = await evidence.getByRole('region').all()
    expect(tables.length).toBeGreaterThan(1)
    for (const table of tables) {
      const hidden = await table.evaluate(
        (element: { scrollWidth: number; clientWidth: number }) => element.scrollWidth - element.clientWidth,
      )
      expect(hidden, 'no part of a table is cut off').toBeLessThanOrEqual(0)
    }
    await page.setViewportSize(DESK)
    expect(pageErrors).toEqual([])
  },
)

test(
  'an online migration is watched in its ranges, paused, resumed and cancelled; the next run tells what does not match',
  PICTURED,
  async ({ page, stage, pageErrors }) => {
    await applyAll(stage, { collections: ['user'], versions: { user: '1.0.0.1' }, load_test_data: true })
    const shell = new Shell(page)
    const plans = new PlanPage(page)
    const runs = new RunPage(page)
    const main = page.getByRole('main')
    const migration = async () =>
      (await readRun(stage, runs.id)).steps.find(({ kind }) => kind === 'migrate') ?? {
        status: 'missing',
        done: undefined,
      }

    await test.step('the plan says that it is done online', async () => {
      await page.goto('/plans/new?collections=user&test_data=no')
      await plans.show.click()
      await shell.isAt(`Plan for ${stage.database}`)
      await expect(plans.collection('user')).toContainText('online: in ranges of documents by _id')
    })
    await test.step('live: how many of how many, how fast, for how long yet', async () => {
      await plans.apply.click()
      await plans.confirm()
      await shell.isAt(`Run on ${stage.database}`)
      const total = String(PEOPLE)
      await expect(runs.atWork).toContainText(new RegExp(`\\d+ of ${total} documents · [\\d.]+/s · .+ left`), SLOW)
      await expect(runs.cancel).toBeEnabled()
      await takePictures(page, 'online-run')
    })
    await test.step('paused between two ranges', async () => {
      await runs.pause.press('Enter')
      await expect(main).toContainText('The run is paused', SLOW)
      const before = await migration()
      expect(before.status).toBe('running')
      expect(before.done).toBeLessThan(PEOPLE)
      await expect(runs.atWork, 'what waits has no rate').not.toContainText('/s')
      await expectAccessible(page, 'an online migration that is paused')
      await page.setViewportSize(PHONE)
      await expectFits(page, 'an online migration at 390 px')
      await page.setViewportSize(DESK)
      expect((await migration()).done, 'it stays where it was').toBe(before.done)
    })
    await test.step('resumed, it goes on from there', async () => {
      const before = (await migration()).done ?? 0
      await runs.resume.click()
      await expect.poll(async () => (await migration()).done ?? 0, SLOW).toBeGreaterThan(before)
      await expect(runs.atWork).toContainText('/s', SLOW)
    })
    await test.step('cancelled, it ends after the range under way', async () => {
      await runs.cancel.click()
      await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the run' }).click()
      await expect(runs.outcome).toContainText('Cancelled', SLOW)
      expect((await migration()).status).toBe('cancelled')
      await expectAccessible(page, 'an online migration that was cancelled')
    })
    await test.step('another process finishes it, seen live; what does not match is told', async () => {
      const where = ['--repository', stage.folder, '--uri', stage.uri, '--database', stage.database]
      const pace = ['--batch-size', '100', '--pause-ms', '0']
      const other = new Stage0Process(['apply', '--yes', '--collections', 'user', ...where, ...pace], {
        LOAD_TEST_DATA: 'false',
      })
      const message = shell.toasts.getByRole('listitem').filter({ hasText: 'succeeded with leftovers' })
      await message.getByRole('link', { name: 'Show the documents' }).click(SLOW)
      await expect(runs.outcome).toContainText(
        `Succeeded with leftovers: ${String(PEOPLE / 10)} documents do not match`,
      )
      await expect(runs.details(/do not match the validator/)).toContainText('role')
      await expect.poll(() => other.process.exitCode, { message: other.output, ...SLOW }).toBe(9)
      expect((await readRun(stage, runs.id)).run.status).toBe('succeeded_with_leftovers')
      await expectAccessible(page, 'an online migration with leftovers')
      await takePictures(page, 'leftovers')
      await page.setViewportSize(PHONE)
      await expectFits(page, 'leftovers at 390 px')
    })
    expect(pageErrors).toEqual([])
  },
)
