import type { Locator, Page } from '@playwright/test'

/** The schema viewer: the tree of properties, the details of one, and the rendered text. */
export class ViewerPage {
  readonly filter: Locator
  readonly details: Locator
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
    this.filter = page.getByRole('searchbox', { name: 'Filter properties' })
    this.details = page.getByRole('region', { name: 'Details of the selected property' })
  }

  tree(name: string): Locator {
    return this.page.getByRole('treegrid', { name: `Properties of ${name}` })
  }

  /** A row of the tree, by the name of its property. */
  property(name: string): Locator {
    const label = this.page.getByText(name, { exact: true })
    return this.page.getByRole('treegrid').getByRole('row').filter({ has: label })
  }
}
