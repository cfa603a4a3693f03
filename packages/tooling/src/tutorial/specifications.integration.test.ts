import { expect, it } from 'vitest'
import { carryOutGuide } from './testing/carry-out-guide.ts'

it('the guide to specifications is carried out as it stands, and shows what comes of it', async () => {
  expect(await carryOutGuide('docs/guides/specifications.md')).toEqual({ compared: 2, skipped: [] })
})
