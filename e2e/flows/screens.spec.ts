import { Shell } from '../pages/shell.ts'
import { expect, sharedTest as test } from '../support/test.ts'

test.describe('the theme', () => {
  for (const { name, scheme, background } of [
    { name: 'Light', scheme: 'dark', background: 'rgb(250, 250, 248)' },
    { name: 'Dark', scheme: 'light', background: 'rgb(16, 18, 20)' },
  ] as const)
    test(`${name} is kept, whatever the system says`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme })
      const shell = new Shell(page)
      await shell.open('/types', 'Types')
      await shell.chooseTheme(name)
      await expect(page.locator('body')).toHaveCSS('background-color', background)
      await page.reload()
      await shell.isAt('Types')
      await expect(page.locator('body')).toHaveCSS('background-color', background)
    })

  test('follows the system where it is asked to, also while the page is open', async ({ page }) => {
    const shell = new Shell(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await shell.open('/types', 'Types')
    await shell.chooseTheme('Light')
    await shell.chooseTheme('As the system')
    await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(16, 18, 20)')
    await page.emulateMedia({ colorScheme: 'light' })
    await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(250, 250, 248)')
  })
})

test('the palette goes to a page, to a property and to an act', async ({ page }) => {
  const shell = new Shell(page)
  await shell.open('/', 'Overview')
  await page.keyboard.press('Control+k')
  await shell.search.fill('organization')
  await shell.palette.getByRole('option', { name: /^organization Companies/ }).click()
  await shell.isAt('organization')
  await page.keyboard.press('Control+k')
  await shell.search.fill('slug')
  await shell.palette.getByRole('option', { name: /organization\/slug/ }).click()
  await expect(page).toHaveURL(/node=\/?(%2F)?slug/)
  await page.keyboard.press('Control+k')
  await shell.search.fill('plan changes of this')
  await page.keyboard.press('Enter')
  await shell.isAt('Plan changes')
  await expect(page).toHaveURL(/collections=organization/)
  await expect(shell.palette).toBeHidden()
})

test('the sheet names every key, and the keys do what it says', async ({ page }) => {
  const shell = new Shell(page)
  await shell.open('/', 'Overview')
  await page.keyboard.press('Shift+?')
  await expect(shell.shortcuts).toContainText('Open the palette')
  await expect(shell.shortcuts).toContainText('Problems')
  await page.keyboard.press('Escape')
  await expect(shell.shortcuts).toBeHidden()
  await page.keyboard.press('g')
  await page.keyboard.press('p')
  await shell.isAt('Problems')
})

test('an unknown address says so, and offers the search and the start page', async ({ page }) => {
  const shell = new Shell(page)
  await shell.open('/collections/user/v/9.9.9.9/schema', 'There is no such page')
  await page.getByRole('link', { name: 'Show the newest version of user' }).click()
  await shell.isAt('user')
  await shell.open('/nowhere', 'There is no such page')
  await page.getByRole('main').getByRole('button', { name: 'Search' }).click()
  await expect(shell.search).toBeFocused()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Go to the start page' }).click()
  await shell.isAt('Overview')
})
