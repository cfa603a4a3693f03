import type { CollectionList, RunList } from '@stage0/types'
import { PlanPage } from '../pages/plan-page.ts'
import { RunPage } from '../pages/run-page.ts'
import { Shell } from '../pages/shell.ts'
import { ViewerPage } from '../pages/viewer-page.ts'
import { readRun } from '../support/runs.ts'
import { expect, test } from '../support/gate.ts'

test('from the list of collections to an applied version, seen live and found again', async ({
  page,
  gate,
  stage,
  pageErrors,
}) => {
  test.slow()
  const shell = new Shell(page)
  const viewer = new ViewerPage(page)
  const plans = new PlanPage(page)
  const runs = new RunPage(page)
  const states = async () =>
    ((await (await stage.api.get('/api/collections')).json()) as CollectionList).items.map(
      ({ name, state, recorded }) => ({ name, state, recorded }),
    )

  await test.step('browse: the overview leads to the collections', async () => {
    await shell.open('/', 'Overview')
    await shell.to('Collections').click()
    await shell.isAt('Collections')
    const user = page.getByRole('row', { name: /user/ })
    await expect(user).toContainText('Behind')
    expect(await states()).toEqual([
      { name: 'organization', state: 'behind', recorded: undefined },
      { name: 'user', state: 'behind', recorded: undefined },
    ])
    await user.getByRole('link', { name: 'user' }).click()
  })

  await test.step('view: the schema of the newest version, with a type expanded in place', async () => {
    await shell.isAt('user')
    await expect(page).toHaveURL(/\/collections\/user\/v\/1\.1\.0\.2\/schema/)
    await viewer.filter.fill('created')
    await viewer.property('created').click()
    await expect(page).toHaveURL(/node=/)
    await expect(viewer.details).toContainText('Who made the entry and when')
    await viewer.filter.clear()
    await page.getByRole('button', { name: 'Expand all' }).click()
    // The type "trace" stands in two places, and its properties in both.
    await expect(viewer.property('at')).toHaveCount(2)
  })

  const planUrl = await test.step('plan: everything, with test data', async () => {
    await shell.plan.click()
    await shell.isAt('Plan changes')
    await plans.all.check()
    await plans.withTestData.check()
    await plans.show.click()
    await shell.isAt(`Plan for ${stage.database}`)
    await expect(plans.collection('user')).toContainText('Version 1.1.0.2')
    await expect(plans.collection('organization')).toContainText('statusCreatedIndex')
    expect(await states(), 'planning changes nothing').toMatchObject([{ state: 'behind' }, { state: 'behind' }])
    return page.url()
  })

  const runId = await test.step('apply, and watch live', async () => {
    const held = gate.holdAt('collMod', 'organization')
    const stream = page.waitForResponse(
      (response) => response.headers()['content-type']?.startsWith('text/event-stream') === true,
    )
    await plans.apply.click()
    await expect(plans.confirmation).toContainText(stage.database)
    await plans.confirm()
    await held
    await shell.isAt(`Run on ${stage.database}`)
    expect((await stream).url()).toContain(runs.id)
    await expect(page.getByRole('main')).toContainText('Live')
    await expect(runs.cancel).toBeVisible()
    expect((await readRun(stage, runs.id)).run.status).toBe('running')
    gate.release()
    await expect(page.getByRole('main')).toContainText('Succeeded', { timeout: 30_000 })
    await expect(runs.cancel).toBeHidden()
    return runs.id
  })

  await test.step('a message tells of the end, and stays in the list of notifications', async () => {
    const message = shell.toasts.getByRole('listitem').filter({ hasText: 'The run succeeded' })
    await expect(message).toBeVisible({ timeout: 30_000 })
    // It goes by itself unless the pointer is on it.
    await message.hover()
    await message.getByRole('button', { name: 'Close' }).click()
    await expect(message).toHaveCount(0)
    await page.getByRole('button', { name: /^Notifications/ }).click()
    const list = page.getByRole('dialog', { name: 'Notifications' })
    await expect(list).toContainText('The run succeeded')
    await page.keyboard.press('Escape')
    await expect(list).toBeHidden()
  })

  await test.step('the service says the same', async () => {
    const { run, steps } = await readRun(stage, runId)
    expect(run).toMatchObject({ status: 'succeeded', collections: ['organization', 'user'] })
    expect(steps.every(({ status }) => status === 'succeeded' || status === 'already')).toBe(true)
    expect(await states()).toEqual([
      { name: 'organization', state: 'in sync', recorded: '1.1.0.2' },
      { name: 'user', state: 'in sync', recorded: '1.1.0.2' },
    ])
  })

  await test.step('reload: the finished run is there, and a step opens in place', async () => {
    await page.reload()
    await shell.isAt(`Run on ${stage.database}`)
    await expect(page.getByRole('main')).toContainText('Succeeded')
    await runs.step(/statusCreatedIndex/).click()
    await expect(runs.details(/statusCreatedIndex/)).toContainText('buildIndexes')
    await expect(page).toHaveURL(/event=/)
  })

  await test.step('reopen from the history', async () => {
    await shell.to('Runs').click()
    await shell.isAt('Runs')
    const { items } = (await (await stage.api.get('/api/runs')).json()) as RunList
    expect(items.map(({ run_id: id }) => id)).toEqual([runId])
    const line = page.getByRole('row', { name: /Succeeded/ })
    await expect(line).toHaveCount(1)
    await line.getByRole('link').click()
    await shell.isAt(`Run on ${stage.database}`)
    expect(runs.id).toBe(runId)
  })

  await test.step('plan again: nothing is left to do, and nothing can be applied', async () => {
    await shell.plan.click()
    await plans.all.check()
    await plans.show.click()
    await shell.isAt(`Plan for ${stage.database}`)
    await expect(page).not.toHaveURL(planUrl)
    await expect(plans.nothingToDo).toBeVisible()
    await expect(plans.apply).toBeDisabled()
  })
  expect(pageErrors).toEqual([])
})
