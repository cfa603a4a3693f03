import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { startScratch, type Scratch, type ScratchServer } from './scratch.ts'
import { startThings, type ThingDatabase, type ThingServer } from './things.ts'

/** Gives each test of a file a throw-away database, on one server for all of them. Development only. */
export function eachWithScratch(take: (scratch: Scratch, server: ScratchServer) => void): void {
  let server: ScratchServer
  let scratch: Scratch
  beforeAll(async () => {
    server = await startScratch()
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    scratch = await server.database()
    take(scratch, server)
  })
  afterEach(() => scratch.drop())
}

/** The same with the collection `thing`; where the server that is given has no transactions the tests are skipped, and say so. */
export function eachWithThings(take: (at: ThingDatabase) => void): void {
  let server: ThingServer
  let at: ThingDatabase
  beforeAll(async () => {
    server = await startThings()
  })
  afterAll(() => server.close())
  beforeEach(async ({ skip }) => {
    at = await server.database()
    take(at)
    skip(server.isStandalone, 'the given server is standalone: it has no transactions')
  })
  afterEach(() => at.drop())
}
