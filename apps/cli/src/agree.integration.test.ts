import { describe, expect, it } from 'vitest'
import { run } from './program.ts'
import { recordingIo } from './testing/recording-io.ts'
import { SAMPLE } from './testing/temporary-folder.ts'
import { testDatabase, type TestDatabase } from './testing/test-database.ts'

/** As a person at a terminal, who says no. */
async function asked(database: TestDatabase, ...more: readonly string[]) {
  const questions: string[] = []
  const ask = (question: string) => {
    questions.push(question)
    return Promise.resolve('n')
  }
  const io = recordingIo({ interactive: true, ask })
  const args = ['apply', '--repository', SAMPLE, '--uri', database.uri, '--database', database.name, ...more]
  return { exit: await run(args, io, '1.2.3'), questions, ...io.written }
}

/** Without a name each: the first version of the sample would refuse them. */
async function withBadUsers(): Promise<TestDatabase> {
  const database = await testDatabase()
  const documents = Array.from({ length: 12 }, (_, _id) => ({ _id, status: 'active' }))
  await database.run({ insert: 'user', documents })
  return database
}

describe('the question before an apply', () => {
  it('comes with what the stored documents say to the plan, as plan tells it', async () => {
    const database = await withBadUsers()
    const { exit, err, questions } = await asked(database)
    expect([exit, questions.length]).toEqual([6, 1])
    expect(err).toMatch(/user .*behind[^]*evidence from the data[^]*user {2}12 documents/)
    expect(err).toMatch(/NOT_CONFIRMED/)
  })

  it('looks within the same limits: --evidence-limit', async () => {
    const database = await withBadUsers()
    expect((await asked(database, '--evidence-limit', '5')).err).toMatch(/at most 5 documents of each collection/)
    expect((await asked(database, '--evidence-limit', '0')).exit).toBe(64)
  })

  it('does not look with --no-evidence, and says what is not known then', async () => {
    const database = await withBadUsers()
    const { err, questions } = await asked(database, '--no-evidence')
    expect(questions).toHaveLength(1)
    expect(err).not.toContain('evidence from the data')
    expect(err).toContain('The stored documents were not looked at')
  })
})
