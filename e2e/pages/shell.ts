import type { Locator, Page } from '@playwright/test'

/** What is around every page. */
export class Shell {
  readonly heading: Locator
  readonly navigation: Locator
  readonly palette: Locator
  readonly search: Locator
  readonly shortcuts: Locator
  readonly toasts: Locator
  readonly plan: Locator
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
    this.heading = page.getByRole('heading', { level: 1 })
    this.navigation = page.getByRole('navigation', { name: 'Main' })
    this.palette = page.getByRole('dialog', { name: 'Search and commands' })
    this.search = this.palette.getByRole('combobox', { name: 'Search and commands' })
    this.shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    this.toasts = page.getByRole('region', { name: 'Messages' })
    this.plan = page.getByRole('banner').getByRole('link', { name: 'Plan changes' })
  }

  /** Opens an address and waits for the heading of its page. */
  async open(path: string, heading: string | RegExp): Promise<void> {
    await this.page.goto(path)
    await this.isAt(heading)
  }

  async isAt(heading: string | RegExp): Promise<void> {
    const name = typeof heading === 'string' ? { name: heading, exact: true } : { name: heading }
    await this.page.getByRole('heading', { level: 1, ...name }).waitFor()
  }

  /** A page of the navigation, by its name. */
  to(name: string): Locator {
    return this.navigation.getByRole('link', { name, exact: true })
  }

  async chooseTheme(name: 'Light' | 'Dark' | 'As the system'): Promise<void> {
    await this.page.getByRole('button', { name: 'Theme' }).click()
    await this.page.getByRole('menuitemradio', { name }).click()
  }
}
