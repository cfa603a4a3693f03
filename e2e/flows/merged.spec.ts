import type { CollectionList } from '@stage0/types'
import { PlanPage } from '../pages/plan-page.ts'
import { RunPage } from '../pages/run-page.ts'
import { Shell } from '../pages/shell.ts'
import { ViewerPage } from '../pages/viewer-page.ts'
import { MENTORHUB } from '../support/stage0.ts'
import { expect, test } from '../support/test.ts'

const NAMES = [
  ...['Customer', 'Dashboard', 'Encounter', 'Event', 'Identity', 'Journey', 'Note', 'Path', 'Plan', 'Profile'],
  ...['Rating', 'Resource', 'Subscription'],
]
const VERSION = '0.1.0.0'

test.use({ stageOptions: { repository: MENTORHUB } })

test('a repository that was merged from specifications is browsed, planned and applied', async ({
  page,
  stage,
  pageErrors,
}) => {
  test.slow()
  const shell = new Shell(page)
  const viewer = new ViewerPage(page)
  const plans = new PlanPage(page)
  const runs = new RunPage(page)
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })

  await test.step('browse: each entry of the catalog is a collection', async () => {
    await shell.open('/collections', 'Collections')
    for (const name of NAMES) await expect(row(name)).toContainText('Behind')
    await row('Journey').getByRole('link', { name: 'Journey', exact: true }).click()
    await shell.isAt('Journey')
    await expect(page).toHaveURL(/\/collections\/Journey\/v\/0\.1\.0\.0\/schema/)
  })

  await test.step('view: who saved it last, with the types that this is made of', async () => {
    await viewer.filter.fill('saved')
    // In the middle of the row is a link to the type.
    await viewer.property('saved').getByText('saved', { exact: true }).click()
    await expect(viewer.details).toContainText('Who changed it last, when and from where')
    await viewer.filter.clear()
    await page.getByRole('button', { name: 'Expand all' }).click()
    // Created and saved are of one type.
    await expect(viewer.property('at_time')).toHaveCount(2)
  })

  await test.step('plan and apply: everything', async () => {
    await shell.plan.click()
    await shell.isAt('Plan changes')
    await plans.all.check()
    await plans.withTestData.check()
    await plans.show.click()
    await shell.isAt(`Plan for ${stage.database}`)
    await expect(plans.collection('Journey')).toContainText('savedIndex')
    await plans.apply.click()
    await expect(plans.confirmation).toContainText(stage.database)
    await plans.confirm()
    await shell.isAt(`Run on ${stage.database}`)
    await expect(page.getByRole('main')).toContainText('Succeeded', { timeout: 60_000 })
    await expect(runs.cancel).toBeHidden()
  })

  await test.step('the collections are in sync, says the page and says the service', async () => {
    await shell.to('Collections').click()
    await shell.isAt('Collections')
    for (const name of NAMES) await expect(row(name)).toContainText('In sync')
    const { items } = (await (await stage.api.get('/api/collections')).json()) as CollectionList
    expect(items.map(({ name, state, recorded }) => ({ name, state, recorded }))).toEqual(
      NAMES.map((name) => ({ name, state: 'in sync', recorded: VERSION })),
    )
  })
  expect(pageErrors).toEqual([])
})
