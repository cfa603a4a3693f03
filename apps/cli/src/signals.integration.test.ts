import { describe, expect, it, onTestFinished } from 'vitest'
import { startEmbedded } from '@stage0/embedded'
import { isDeep, PATIENCE } from '@stage0/testkit'
import { repositoryOfEveryStep } from './testing/every-step.ts'
import { applying, contentOf, holdRun, leftOpen, severalAtOnce, SHORT_LEASE } from './testing/interrupted-run.ts'
import { stage0 } from './testing/run-command.ts'

/** One command of each kind of step, as it is on its way; the first ones are followed by further steps. */
const COMMANDS = [
  { label: 'update DatabaseEnumerators', occurrence: 1 },
  { label: 'create organization', occurrence: 1 },
  { label: 'createIndexes organization', occurrence: 1 },
  { label: 'insert organization', occurrence: 1 },
  { label: 'update CollectionVersions', occurrence: 1 },
  { label: 'collMod organization', occurrence: 1 },
  { label: 'dropIndexes user', occurrence: 1 },
  { label: 'update organization', occurrence: 1 },
  { label: 'aggregate user', occurrence: 1 },
]
const MIGRATION = COMMANDS.slice(-1)

describe('a run that gets a signal', PATIENCE, () => {
  it('ends in order at the first one, whatever it is at: exit 8, the lock free, and the next run finishes the work', async () => {
    const { uri, close } = await startEmbedded()
    const { folder, remove } = await repositoryOfEveryStep()
    onTestFinished(async () => void (await Promise.all([close(), remove()])))
    expect((await stage0(applying(folder, uri, 'whole'))).code).toBe(0)
    const whole = await contentOf(uri, 'whole')
    const cases = (isDeep ? COMMANDS : MIGRATION).flatMap((point) =>
      (isDeep ? (['SIGINT', 'SIGTERM'] as const) : (['SIGINT'] as const)).map((signal) => ({ point, signal })),
    )
    await severalAtOnce([...cases.entries()], async ([index, { point, signal }]) => {
      const database = `signal${index}`
      const told = [point.label, signal]
      const { running, gate } = await holdRun(uri, (to) => applying(folder, to, database), { point, when: 'before' })
      running.child.kill(signal)
      await running.saying(new RegExp(`${signal}: finishing what is at work`))
      gate.release()
      const ended = await running.ended
      await gate.end()
      expect([told, ended.code, ended.signal, ended.stderr]).toEqual([told, 8, null, expect.any(String)])
      expect([told, await leftOpen(uri, database)]).toEqual([told, { locks: 0, runs: 0 }])
      // The lease of 30 seconds is not waited for: the lock was given back.
      const next = await stage0(applying(folder, uri, database))
      expect([told, next.code, next.stderr]).toEqual([told, 0, expect.any(String)])
      expect([told, await contentOf(uri, database)]).toEqual([told, whole])
    })
    console.log(`signals: ${cases.length} runs ended in order at the first one, each finished by the next run`)
  })

  it('is killed by the second one, as by any kill: the next run takes the lock over and finishes the work', async () => {
    const { uri, close } = await startEmbedded()
    const { folder, remove } = await repositoryOfEveryStep()
    onTestFinished(async () => void (await Promise.all([close(), remove()])))
    expect((await stage0(applying(folder, uri, 'whole'))).code).toBe(0)
    const whole = await contentOf(uri, 'whole')
    const cases = (isDeep ? COMMANDS : MIGRATION).flatMap((point) =>
      (isDeep ? (['SIGINT', 'SIGTERM'] as const) : (['SIGTERM'] as const)).map((signal) => ({ point, signal })),
    )
    const environment = SHORT_LEASE
    await severalAtOnce([...cases.entries()], async ([index, { point, signal }]) => {
      const database = `killed${index}`
      const told = [point.label, signal]
      const at = { point, when: 'before' } as const
      const json = index % 2 === 0
      const more = json ? ['--json'] : []
      const { running, gate } = await holdRun(uri, (to) => applying(folder, to, database, ...more), at, { environment })
      running.child.kill(signal)
      await running.saying(new RegExp(`${signal}: finishing what is at work`))
      running.child.kill(signal)
      const ended = await running.ended
      // A shell shows it as 128 and the number of the signal.
      expect([told, ended.code, ended.signal]).toEqual([told, null, signal])
      // What is left behind is the lock: it says for how long, and how to free it.
      expect([told, ended.stderr]).toEqual([
        told,
        expect.stringMatching(/Killed: the lock of run (\S+) stays for up to 3 s; `stage0 unlock --if-owner \1` frees/),
      ])
      if (json)
        expect([told, JSON.parse(ended.stdout)]).toMatchObject([
          told,
          { ok: false, exit_code: signal === 'SIGINT' ? 130 : 143, problems: [{ code: 'KILLED' }] },
        ])
      await gate.end()
      const next = await stage0(applying(folder, uri, database, '--wait', '60'), { environment })
      expect([told, next.code, next.stderr]).toEqual([told, 0, expect.any(String)])
      expect([told, await contentOf(uri, database)]).toEqual([told, whole])
    })
  })
})
