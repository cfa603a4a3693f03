import type { Page } from '@playwright/test'
import { expect } from './test.ts'

/** What is asked of an element in the page. The types of the browser are left out: they would hold for all of this project. */
interface Box {
  readonly left: number
  readonly right: number
}
interface PageElement {
  readonly outerHTML: string
  readonly parentElement: PageElement | null
  readonly ownerDocument: {
    readonly defaultView: {
      readonly innerWidth: number
      getComputedStyle(of: PageElement): { readonly overflowX: string }
    }
  }
  getBoundingClientRect(): Box
}

const CONTROLS = 'a[href]:visible, button:visible, input:visible, select:visible, textarea:visible, summary:visible'

/** Controls that a reader cannot get to: beyond the sides of the page, and in nothing that scrolls. Runs in the page. */
function outOfReach(elements: readonly PageElement[]): readonly string[] {
  const reaches = (element: PageElement): boolean => {
    const view = element.ownerDocument.defaultView
    const isInSight = ({ left, right }: Box): boolean => left >= -1 && right <= view.innerWidth + 1
    if (isInSight(element.getBoundingClientRect())) return true
    for (let above = element.parentElement; above !== null; above = above.parentElement) {
      const { overflowX } = view.getComputedStyle(above)
      const canScroll = overflowX === 'auto' || overflowX === 'scroll'
      if (canScroll && isInSight(above.getBoundingClientRect())) return true
    }
    return false
  }
  return elements.filter((element) => !reaches(element)).map(({ outerHTML }) => outerHTML.slice(0, 120))
}

/** Proves that the page needs no scrolling to the side and that every control can be reached. */
export async function expectFits(page: Page, what: string): Promise<void> {
  const tooWide = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  expect.soft(tooWide, `${what}: pixels beyond the side of the page`).toBe(0)
  expect.soft(await page.locator(CONTROLS).evaluateAll(outOfReach), `${what}: controls out of reach`).toEqual([])
}
