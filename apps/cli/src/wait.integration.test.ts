import { describe, expect, it, onTestFinished } from 'vitest'
import { startStage0 } from './testing/run-command.ts'
import { runAtWork } from './testing/run-at-work.ts'
import { SAMPLE } from './testing/temporary-folder.ts'
import { testDatabase } from './testing/test-database.ts'

describe('apply --wait', () => {
  it('tells a log at once whom it waits for and until when, and goes on when the lock is free', async () => {
    const database = await testDatabase()
    const { target, token } = await runAtWork(database)
    const at = ['--repository', SAMPLE, '--uri', database.uri, '--database', database.name]
    const waiting = startStage0(['apply', '--yes', '--wait', '600', ...at])
    onTestFinished(() => void waiting.child.kill('SIGKILL'))
    await waiting.saying(/Waits for run r1 of ann@there \(process 7, stage0 apply\); its lease ends \d{4}-/)
    await target.lock.release(token)
    const ended = await waiting.ended
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining('Run succeeded')])
  })
})
