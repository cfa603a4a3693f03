import { PlanPage } from '../pages/plan-page.ts'
import { RunPage } from '../pages/run-page.ts'
import { Shell } from '../pages/shell.ts'
import { isUpdating, takePictures, writeGallery } from '../support/pictures.ts'
import { FAILING_MIGRATION } from '../support/runs.ts'
import { expect, test } from '../support/test.ts'

const database = isUpdating ? { database: 'sample' } : {}

test.describe('a repository with files that cannot be used', () => {
  test.use({
    stageOptions: {
      ...database,
      changes: { ...FAILING_MIGRATION, 'configurations/broken.yaml': 'title: Broken\nversions: [' },
    },
  })
  test('shows what is broken as broken, with the reason', async ({ page }) => {
    const shell = new Shell(page)
    await shell.open('/collections', 'Collections')
    await expect(page.getByRole('row', { name: /broken/ })).toContainText('Invalid')
    await takePictures(page, 'broken-files')
  })
})

test.describe('an empty repository', () => {
  test.use({
    stageOptions: {
      ...database,
      changes: { 'configurations/user.yaml': undefined, 'configurations/organization.yaml': undefined },
    },
  })
  test('says what is missing and what to do', async ({ page }) => {
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

test.describe('a migration that fails', () => {
  test.use({ stageOptions: { ...database, changes: FAILING_MIGRATION } })
  test('is told by the pinned error, the open step and a message', async ({ page }) => {
    const shell = new Shell(page)
    const plans = new PlanPage(page)
    const runs = new RunPage(page)
    await shell.open('/plans/new', 'Plan changes')
    await page.keyboard.press('Control+k')
    await shell.search.fill('user')
    await expect(shell.palette.getByRole('option', { name: /^user People/ })).toBeVisible()
    await takePictures(page, 'palette')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Shift+?')
    await expect(shell.shortcuts).toBeVisible()
    await takePictures(page, 'shortcuts')
    await page.keyboard.press('Escape')
    await plans.all.check()
    await plans.withTestData.check()
    await plans.show.click()
    await plans.apply.click()
    await expect(plans.confirmation).toBeVisible()
    await takePictures(page, 'confirm')
    await plans.confirm()
    await expect(shell.toasts).toContainText('The run failed', { timeout: 30_000 })
    await shell.toasts.getByRole('link', { name: 'Open failing step' }).click()
    await expect(runs.firstError).toContainText('TARGET_REFUSED')
    await expect(runs.details(/user_display_name/)).toBeVisible()
    await takePictures(page, 'failed-run')
  })
})
