import type { Locator, Page } from '@playwright/test'

/** One run: while it goes, and when it is over. */
export class RunPage {
  readonly progress: Locator
  readonly atWork: Locator
  readonly steps: Locator
  readonly cancel: Locator
  readonly pause: Locator
  readonly resume: Locator
  readonly outcome: Locator
  readonly firstError: Locator
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
    this.progress = page.getByRole('progressbar', { name: 'Steps that have ended' })
    this.atWork = page.getByTestId('at-work')
    this.steps = page.getByRole('list', { name: 'Steps of the run' })
    this.cancel = page.getByRole('button', { name: 'Cancel the run' })
    this.pause = page.getByRole('button', { name: 'Pause the run' })
    this.resume = page.getByRole('button', { name: 'Resume the run' })
    this.outcome = page.getByTestId('outcome')
    this.firstError = page.getByTestId('first-error')
  }

  /** The id in the address. */
  get id(): string {
    return new URL(this.page.url()).pathname.split('/').at(-1) ?? ''
  }

  step(name: string | RegExp): Locator {
    return this.steps.getByRole('link', { name })
  }

  details(name: string | RegExp): Locator {
    return this.page.getByRole('region', { name })
  }
}
