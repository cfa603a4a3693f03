import { afterAll, beforeAll } from 'vitest'
import { testApp, type TestApp, type TestAppOptions } from '../../../testing/test-app.ts'

/** One service for all tests of a suite that change nothing: making one for each takes longer than the tests. */
export function sharedApp(options: TestAppOptions): () => TestApp {
  const ends: (() => Promise<void>)[] = []
  let made: TestApp | undefined
  beforeAll(async () => {
    made = await testApp({ ...options, atEnd: (end) => void ends.push(end) })
  })
  afterAll(async () => {
    for (const end of ends.reverse()) await end()
  })
  return () => {
    if (made === undefined) throw new Error('the service of the suite is made before its first test')
    return made
  }
}
