import type { Locator, Page } from '@playwright/test'

/** The execution selector, and the plan that it leads to. */
export class PlanPage {
  readonly show: Locator
  readonly apply: Locator
  readonly confirmation: Locator
  readonly all: Locator
  readonly withTestData: Locator
  readonly nothingToDo: Locator
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
    this.show = page.getByRole('button', { name: 'Show the plan' })
    this.apply = page.getByRole('main').getByRole('button', { name: 'Apply', exact: true })
    this.confirmation = page.getByRole('alertdialog')
    this.all = page.getByRole('radio', { name: 'All collections, and the enumerators' })
    this.withTestData = page.getByRole('radio', { name: 'Load the test data that versions name' })
    this.nothingToDo = page.getByText('The database is as the repository wants it: there is nothing to apply.')
  }

  /** What is planned for one collection. */
  collection(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true })
  }

  /** The answer to "Apply ...?". */
  confirm(): Promise<void> {
    return this.confirmation.getByRole('button', { name: 'Apply', exact: true }).click()
  }
}
