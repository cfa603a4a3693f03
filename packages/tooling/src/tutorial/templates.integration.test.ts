import { expect, it } from 'vitest'
import { carryOutGuide } from './testing/carry-out-guide.ts'

it('the guide to templates is carried out as it stands, and shows what comes of it', async () => {
  expect(await carryOutGuide('docs/guides/templates.md')).toEqual({ compared: 6, skipped: [] })
})

it('the reference of templates is carried out as it stands, and shows what comes of it', async () => {
  const carriedOut = await carryOutGuide('docs/templates.md')
  expect(carriedOut).toEqual({ compared: 3, skipped: ['needs the image, and Docker'] })
})
