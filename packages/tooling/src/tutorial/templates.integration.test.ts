import { expect, it } from 'vitest'
import { carryOutGuide } from './testing/carry-out-guide.ts'

it('the guide to templates is carried out as it stands, and shows what comes of it', async () => {
  const carriedOut = await carryOutGuide('docs/guides/templates.md')
  expect(carriedOut).toEqual({ compared: 9, skipped: ['needs the image, and Docker'] })
})
