import { PlanPage } from '../pages/plan-page.ts'
import { RunPage } from '../pages/run-page.ts'
import { Shell } from '../pages/shell.ts'
import { expectAccessible } from '../support/axe.ts'
import { expectFits } from '../support/layout.ts'
import { isUpdating, PICTURED, takePictures } from '../support/pictures.ts'
import { FAILING_MIGRATION } from '../support/runs.ts'
import { PARTS, prepareScreens, type Screen } from '../support/screens.ts'
import { expect, sharedTest, test } from '../support/test.ts'

/** Half the sides at twice the pixels: what a reader at 200 % zoom has. */
const ZOOMED = { width: 640, height: 400 }
const PHONE = { width: 390, height: 844 }
const DESK = { width: 1280, height: 800 }

// A picture shows a name that one can read.
const stageOptions = isUpdating ? { database: 'sample' } : {}
sharedTest.use({ stageOptions })
test.use({ stageOptions })

sharedTest.describe('every page', () => {
  sharedTest.use({ deviceScaleFactor: 2 })
  let screens: readonly Screen[] = []
  sharedTest.beforeAll(async ({ stage }) => {
    screens = await prepareScreens(stage)
  })

  for (const part of PARTS)
    sharedTest(
      `of ${part} opens from a deep link without an error, breaks no rule of WCAG 2.2 A and AA, light and dark, and fits into 390 px and 200 % zoom`,
      PICTURED,
      async ({ page, pageErrors }) => {
        sharedTest.setTimeout(240_000)
        const shell = new Shell(page)
        for (const { path, heading, name } of screens.filter((screen) => screen.part === part))
          await sharedTest.step(name, async () => {
            await shell.open(path, heading)
            await expect(page.getByRole('main')).toHaveCount(1)
            await expect(shell.heading).toHaveCount(1)
            await expect(page.getByRole('main')).not.toContainText('This part of the page failed')
            expect(pageErrors, `errors in the browser's console on ${path}`).toEqual([])
            await takePictures(page, name)
            await expectAccessible(page, path)
            await page.setViewportSize(PHONE)
            await expectFits(page, `${path} at 390 px`)
            await page.setViewportSize(ZOOMED)
            await expectFits(page, `${path} at 200 %`)
            await page.setViewportSize(DESK)
          })
      },
    )

  sharedTest('at 390 px the navigation is a drawer, and the acts of a page work', async ({ page }) => {
    await page.setViewportSize(PHONE)
    const shell = new Shell(page)
    await shell.open('/', 'Overview')
    await page.getByRole('button', { name: 'Open navigation' }).click()
    await page.getByRole('dialog', { name: 'Main' }).getByRole('link', { name: 'Collections' }).click()
    await shell.isAt('Collections')
    await shell.plan.click()
    await shell.isAt('Plan changes')
    await new PlanPage(page).show.click()
    await shell.isAt(/^Plan for/)
  })
})

test(
  'what opens over a page breaks no rule either: menus, palette, keys, question, messages, a failed run',
  PICTURED,
  async ({ page, stage }) => {
    test.slow()
    const shell = new Shell(page)
    const plans = new PlanPage(page)
    const runs = new RunPage(page)
    await stage.change(FAILING_MIGRATION)

    await shell.open('/plans/new', 'Plan changes')
    await page.keyboard.press('Control+k')
    await shell.search.fill('user')
    await expect(shell.palette.getByRole('option', { name: /^user People/ })).toBeVisible()
    await takePictures(page, 'palette')
    await expectAccessible(page, 'the palette')
    await page.keyboard.press('Escape')

    await page.keyboard.press('Shift+?')
    await expect(shell.shortcuts).toBeVisible()
    await takePictures(page, 'shortcuts')
    await expectAccessible(page, 'the sheet of keys')
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Theme' }).click()
    await expect(page.getByRole('menu', { name: 'Theme' })).toBeVisible()
    await expectAccessible(page, 'the menu of themes')
    await page.keyboard.press('Escape')

    await plans.all.check()
    await plans.withTestData.check()
    await plans.show.click()
    await shell.isAt(`Plan for ${stage.database}`)
    await plans.apply.click()
    await expect(plans.confirmation).toBeVisible()
    await takePictures(page, 'confirm')
    await expectAccessible(page, 'the question before an apply')
    await plans.confirm()

    await expect(shell.toasts).toContainText('The run failed', { timeout: 30_000 })
    await expect(runs.firstError).toBeVisible()
    await expectAccessible(page, 'a failed run and its message')
    await shell.toasts.getByRole('link', { name: 'Open failing step' }).click()
    await expect(runs.details(/user_display_name/)).toContainText('TARGET_REFUSED')
    await takePictures(page, 'failed-run')
    await expectAccessible(page, 'the failing step')

    await page.getByRole('button', { name: /^Notifications/ }).click()
    await expect(page.getByRole('dialog', { name: 'Notifications' })).toContainText('The run failed')
    await expectAccessible(page, 'the list of notifications')
  },
)
