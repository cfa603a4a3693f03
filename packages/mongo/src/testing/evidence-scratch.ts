import type { EvidencePort } from '@stage0/engine'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Db, Document } from 'mongodb'
import { startScratch, type Scratch, type ScratchServer } from './scratch.ts'

/** Longest time of a question that is to come to its end, on a busy machine too. */
export const MAX_MS = 600_000

/** The collection that questions are about. */
export const COLLECTION = 'c'

const INSERTED_AT_ONCE = 5_000

/** A database of its own for each test of a file, and the questions to it. */
export interface EvidenceScratch {
  readonly evidence: EvidencePort
  readonly scratch: Scratch
  readonly db: Db
  insert(documents: readonly object[]): Promise<void>
}

/** Called at the top of a test file: one server for it. Development only. */
export function evidenceScratch(): EvidenceScratch {
  let server: ScratchServer
  let scratch: Scratch
  beforeAll(async () => {
    server = await startScratch()
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    scratch = await server.database()
  })
  afterEach(() => scratch.drop())
  return {
    get evidence() {
      return scratch.target.evidence
    },
    get scratch() {
      return scratch
    },
    get db() {
      return scratch.db
    },
    async insert(documents) {
      for (let from = 0; from < documents.length; from += INSERTED_AT_ONCE)
        await scratch.db.collection(COLLECTION).insertMany(documents.slice(from, from + INSERTED_AT_ONCE) as Document[])
    },
  }
}
