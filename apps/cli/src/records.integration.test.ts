import { describe, expect, it } from 'vitest'
import { stage0, startStage0 } from './testing/run-command.ts'
import { runAtWork } from './testing/run-at-work.ts'
import { SAMPLE } from './testing/temporary-folder.ts'
import { testDatabase, type TestDatabase } from './testing/test-database.ts'

/** Long enough that no lease ends by itself in a test. */
const LONG_LEASE = { STAGE0_LEASE_MS: '600000' }
const at = ({ uri, name }: TestDatabase): string[] => ['--uri', uri, '--database', name]
const apply = (database: TestDatabase, ...more: string[]) =>
  stage0(['apply', '--yes', '--repository', SAMPLE, ...at(database), ...more])
const runIdOf = (stdout: string): string => /run (\S+)$/m.exec(stdout)?.[1] ?? ''

describe('history', () => {
  it('lists runs newest first, and one run with all its steps; it needs no repository', async () => {
    const database = await testDatabase()
    expect(await stage0(['history', ...at(database)])).toMatchObject({ code: 0, stdout: 'No run is recorded.\n' })
    const first = runIdOf((await apply(database, '--collections', 'organization')).stdout)
    const second = runIdOf((await apply(database)).stdout)
    const listed = await stage0(['history', ...at(database), '--json'])
    const { runs, total } = JSON.parse(listed.stdout) as { runs: { run_id: string; status: string }[]; total: number }
    expect([listed.code, total, runs.map(({ run_id, status }) => [run_id, status])]).toEqual([
      0,
      2,
      [
        [second, 'succeeded'],
        [first, 'succeeded'],
      ],
    ])
    const text = (await stage0(['history', ...at(database), '--limit', '1'])).stdout
    expect(text).toMatch(new RegExp(`^started .*\\n\\S+Z  ${second}  succeeded  \\S+@\\S+ .*user\\n1 of 2 runs`))
    expect((await stage0(['history', ...at(database), '--collection', 'user'])).stdout).not.toContain(first)
    const one = (await stage0(['history', second, ...at(database)])).stdout
    expect(one).toMatch(/^Run \S+\nstatus +succeeded\n/)
    expect(one).toMatch(/succeeded +user 1\.1\.0\.2 {2}build indexes displayNameIndex, organizationRoleIndex/)
  })

  it('tells why a run failed', async () => {
    const database = await testDatabase()
    const arrays = { status: ['a', 'b'], created: [{ at: 1 }, { at: 2 }] }
    await database.run({ insert: 'organization', documents: [arrays] })
    await apply(database)
    expect((await stage0(['history', ...at(database)])).stdout).toMatch(/ {2}STEP_FAILED: 1 step failed/)
  })

  it.each([
    [['nobody'], 64, 'RUN_UNKNOWN'],
    [['--limit', '0'], 64, 'from 1 to 1000'],
  ])('%s: exit %i', async (args, code, text) => {
    const database = await testDatabase()
    const ended = await stage0(['history', ...args, ...at(database)])
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(text)])
  })
})

describe('cancel', () => {
  it('has nothing to do where nobody is at work: exit 0', async () => {
    const database = await testDatabase()
    const nobody = await stage0(['cancel', ...at(database)])
    expect([nobody.code, nobody.stdout]).toEqual([0, expect.stringContaining('Nobody holds the lock')])
    const runId = runIdOf((await apply(database)).stdout)
    const ended = await stage0(['cancel', runId, ...at(database), '--json'])
    expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([0, { state: 'ended', run: { status: 'succeeded' } }])
    expect((await stage0(['cancel', 'nobody', ...at(database)])).code).toBe(64)
  })

  it('asks the run that holds the lock, says whose it is, and waits for its end as long as it is told to', async () => {
    const database = await testDatabase()
    const { target, token } = await runAtWork(database)
    const asked = await stage0(['cancel', ...at(database)])
    expect([asked.code, asked.stdout]).toEqual([
      0,
      expect.stringMatching(/^Run r1 of ann@there \(stage0 apply, since .*asked to end/),
    ])
    expect(await target.runs.readFlags('r1')).toMatchObject({ ok: true, value: { cancel: true } })
    const late = await stage0(['cancel', 'r1', '--wait', '0', ...at(database)])
    expect([late.code, late.stderr]).toEqual([3, expect.stringContaining('still at work after 0 s')])
    const waiting = startStage0(['cancel', '--wait', '60', ...at(database)])
    await waiting.saying(/has been asked to end/)
    await target.runs.finish('r1', token, { status: 'cancelled', error: undefined, counts: {} })
    await target.lock.release(token)
    const ended = await waiting.ended
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining('has ended: cancelled.')])
  })
})

describe('pause and resume', () => {
  it.each(['pause', 'resume'])('cannot be done where nobody is at work: %s ends with 64 and says so', async (verb) => {
    const database = await testDatabase()
    const nobody = await stage0([verb, ...at(database)])
    expect([nobody.code, nobody.stderr]).toEqual([
      64,
      expect.stringMatching(new RegExp(`RUN_NOT_AT_WORK\\n.*there is no run to ${verb}[^]*stage0 apply`)),
    ])
    const runId = runIdOf((await apply(database)).stdout)
    const ended = await stage0([verb, runId, ...at(database), '--json'])
    expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([64, { problems: [{ code: 'RUN_NOT_AT_WORK' }] }])
  })
})

// Whether a process is there can be told on Linux alone.
describe.runIf(process.platform === 'linux')('a run whose process is gone from this machine', () => {
  it('is told as such: by apply, cancel, pause and resume with exit 3, and unlock needs not watch it', async () => {
    const database = await testDatabase()
    const killed = startStage0(['apply', '--yes', '--repository', SAMPLE, ...at(database)], { environment: LONG_LEASE })
    await killed.saying(/\[ ?5\//)
    killed.child.kill('SIGKILL')
    await killed.ended
    const gone = new RegExp(
      `process ${killed.child.pid}\\b[^]*no longer there[^]* ends in \\d+ s[^]*hint: .*stage0 unlock --if-owner`,
    )
    const blocked = await apply(database)
    expect([blocked.code, blocked.stderr]).toEqual([3, expect.stringMatching(gone)])
    for (const verb of ['cancel', 'pause', 'resume']) {
      const asked = await stage0([verb, ...at(database)])
      expect([verb, asked.code, asked.stderr]).toEqual([verb, 3, expect.stringMatching(gone)])
      expect(asked.stderr).toContain('RUN_PROCESS_GONE')
    }
    const runId = /--if-owner (\S+?)[`.]/.exec(blocked.stderr)?.[1] ?? ''
    for (const more of [[], [runId]]) {
      const listed = await stage0(['history', ...more, ...at(database)])
      expect([listed.code, listed.stdout]).toEqual([0, expect.stringMatching(/ {2}interrupted\b/)])
      expect(listed.stdout).not.toContain('at work')
    }
    const unlocked = await stage0(['unlock', '--if-owner', runId, '--yes', ...at(database)])
    expect([unlocked.code, unlocked.stderr]).toEqual([0, ''])
    // Nobody was asked for anything, so the next run is not told to end.
    const next = await apply(database)
    expect([next.code, next.stderr]).toEqual([0, expect.stringContaining(`Finishes run ${runId}`)])
    const done = await stage0(['cancel', runId, ...at(database)])
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('is not at work: superseded')])
  })
})

describe('unlock', () => {
  const unlock = (database: TestDatabase, ...more: string[]) => stage0(['unlock', ...at(database), ...more])

  it('a lock that a killed process left behind: the next apply finishes what it began', async () => {
    const database = await testDatabase()
    const killed = startStage0(['apply', '--yes', '--repository', SAMPLE, ...at(database)], { environment: LONG_LEASE })
    await killed.saying(/\[ ?5\//)
    killed.child.kill('SIGKILL')
    await killed.ended
    const blocked = await apply(database)
    expect([blocked.code, blocked.stderr]).toEqual([3, expect.stringContaining('LOCK_HELD')])
    const runId = / run (\S+?)[,;]/.exec(blocked.stderr)?.[1] ?? ''
    const another = await unlock(database, '--if-owner', 'r0', '--force', '--yes')
    expect([another.code, another.stderr]).toEqual([3, expect.stringContaining(runId)])
    const unasked = await unlock(database, '--if-owner', runId, '--force')
    expect([unasked.code, unasked.stderr]).toEqual([6, expect.stringContaining('CONFIRMATION_NEEDED')])
    expect(unasked.stderr).toMatch(
      new RegExp(`Run ${runId} of [^]*\\(process \\d+, stage0 apply\\) holds the lock since`),
    )
    expect(unasked.stderr).toContain('hint: Give --yes')
    expect(unasked.stderr).not.toContain('--plan')
    expect((await apply(database)).code).toBe(3)
    const taken = await unlock(database, '--if-owner', runId, '--force', '--yes')
    expect([taken.code, taken.stdout]).toEqual([0, expect.stringContaining('is taken away')])
    const next = await apply(database)
    expect([next.code, next.stderr]).toEqual([0, expect.stringContaining(`Finishes run ${runId}`)])
    expect((await unlock(database, '--if-owner', runId, '--yes')).stdout).toContain('Nobody holds the lock, run')
  })

  it('without --force only where no heartbeat comes', async () => {
    const database = await testDatabase()
    const { target, token } = await runAtWork(database, { leaseMs: 3000 })
    const beating = setInterval(() => void target.lock.renew(token, 3000, 'a step'), 200)
    const refused = await unlock(database, '--if-owner', 'r1', '--yes')
    clearInterval(beating)
    expect([refused.code, refused.stderr]).toEqual([6, expect.stringMatching(/LOCK_IN_USE[^]*at a step/)])
    await target.lock.renew(token, 10_000, undefined)
    expect((await unlock(database, '--if-owner', 'r1', '--yes', '--json')).stdout).toMatch(/"released": true/)
    expect(await target.lock.renew(token, 3000, undefined)).toEqual({ ok: true, value: false })
  })

  it('needs the run to be named', async () => {
    const ended = await stage0(['unlock', '--yes'])
    expect([ended.code, ended.stderr]).toEqual([64, expect.stringContaining('--if-owner')])
  })
})
