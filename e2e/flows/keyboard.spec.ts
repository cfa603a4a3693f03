import type { Locator, Page } from '@playwright/test'
import type { RunList } from '@stage0/types'
import { PlanPage } from '../pages/plan-page.ts'
import { RunPage } from '../pages/run-page.ts'
import { Shell } from '../pages/shell.ts'
import { ViewerPage } from '../pages/viewer-page.ts'
import { expect, test } from '../support/test.ts'

/** Goes on with Tab until the element has the focus, as a person without a mouse does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  for (let stops = 0; stops < 60; stops += 1) {
    if (await target.evaluate((element) => element.matches(':focus'))) return
    await page.keyboard.press('Tab')
  }
  throw new Error('Tab does not lead there')
}

test('the whole journey works without a mouse', async ({ page, stage }) => {
  test.slow()
  const shell = new Shell(page)
  const viewer = new ViewerPage(page)
  const plans = new PlanPage(page)
  const runs = new RunPage(page)
  const keys = page.keyboard

  await shell.open('/', 'Overview')
  await keys.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()

  await test.step('browse: keys go to the collections, arrows to a row, Enter opens it', async () => {
    await keys.press('g')
    await keys.press('c')
    await shell.isAt('Collections')
    await tabTo(page, page.getByRole('grid', { name: 'Collections' }))
    await keys.press('End')
    await keys.press('Enter')
    await shell.isAt('user')
  })

  await test.step('view: the tree is walked with arrows, and the choice is in the address', async () => {
    await tabTo(page, viewer.tree('user'))
    await keys.press('ArrowDown')
    await keys.press('ArrowDown')
    await keys.press('Enter')
    await expect(page).toHaveURL(/node=/)
    await expect(viewer.details).toContainText('display_name')
  })

  await test.step('plan and apply: the question begins at Cancel', async () => {
    await keys.press('g')
    await keys.press('n')
    await shell.isAt('Plan changes')
    await tabTo(page, plans.show)
    await keys.press('Enter')
    await shell.isAt(`Plan for ${stage.database}`)
    await tabTo(page, plans.apply)
    await keys.press('Enter')
    await expect(plans.confirmation.getByRole('button', { name: 'Cancel' })).toBeFocused()
    await tabTo(page, plans.confirmation.getByRole('button', { name: 'Apply', exact: true }))
    await keys.press('Enter')
    await shell.isAt(`Run on ${stage.database}`)
    await expect(page.getByRole('main')).toContainText('Succeeded', { timeout: 30_000 })
  })

  await test.step('the history opens the run again', async () => {
    const { items } = (await (await stage.api.get('/api/runs')).json()) as RunList
    await keys.press('g')
    await keys.press('r')
    await shell.isAt('Runs')
    await tabTo(page, page.getByRole('grid', { name: 'Runs' }))
    await keys.press('Enter')
    await shell.isAt(`Run on ${stage.database}`)
    expect(items.map(({ run_id: id }) => id)).toEqual([runs.id])
  })
})
