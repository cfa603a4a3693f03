import { describe, expect, it, onTestFinished } from 'vitest'
import { startEmbedded } from '@stage0/embedded'
import { connect } from '@stage0/mongo'
import { isDeep, PATIENCE } from '@stage0/testkit'
import { applying, contentOf, leftOpen, SHORT_LEASE } from './testing/interrupted-run.ts'
import { stage0, startStage0, type Ended, type Running } from './testing/run-command.ts'
import { SAMPLE } from './testing/temporary-folder.ts'

const [PROCESSES, ROUNDS] = isDeep ? [20, 20] : [3, 2]
/** So many steps has a plan of the sample; in the last ones a process ends before it can be stopped. */
const STEPS = 17
const AN_HOUR_AHEAD = { NODE_OPTIONS: `--import=${new URL('./testing/shifted-clock.mjs', import.meta.url).href}` }
const HOUR_MS = 3_600_000

/** Half of the processes wait for their turn, the others give up; half of each have a clock that is an hour ahead. */
const contender = (uri: string, database: string, index: number): Running =>
  startStage0(applying(SAMPLE, uri, database, ...(index % 2 === 0 ? ['--wait', '600'] : [])), {
    environment: { ...SHORT_LEASE, ...(index % 4 < 2 ? AN_HOUR_AHEAD : {}) },
  })

/** Starts all, suspends whoever gets to the step until all others have ended, and lets it go on then. */
async function race(uri: string, database: string, step: number): Promise<readonly Ended[]> {
  const all = Array.from({ length: PROCESSES }, (_, index) => contender(uri, database, index))
  onTestFinished(() => all.forEach(({ child }) => child.kill('SIGKILL')))
  let suspended: Running | undefined
  await Promise.any(
    all.map(async (one) => {
      await one.saying(new RegExp(`\\[ ?${step}/`))
      // Whoever takes over gets to a step of this number as well.
      if (suspended !== undefined) return
      suspended = one
      one.child.kill('SIGSTOP')
    }),
  )
  await Promise.all(all.filter((one) => one !== suspended).map(({ ended }) => ended))
  suspended?.child.kill('SIGCONT')
  return Promise.all(all.map(({ ended }) => ended))
}

async function eventTimes(uri: string, database: string): Promise<readonly number[]> {
  const opened = await connect({ uri, database })
  if (!opened.ok) throw new Error(opened.error.message)
  try {
    const pages = await opened.value.db.collection('stage0_runs').find({ kind: 'events' }).toArray()
    return pages.flatMap(({ events }) => (events as { at: string }[]).map(({ at }) => Date.parse(at)))
  } finally {
    await opened.value.close()
  }
}

describe('processes that apply at the same time', PATIENCE, () => {
  it('some of them suspended, some with a clock an hour ahead: everything happens once, losers name the holder (W-11)', async () => {
    const servers = [await startEmbedded(), await startEmbedded({ replicaSet: 'rs0' })]
    onTestFinished(async () => void (await Promise.all(servers.map((server) => server.close()))))
    const wholes: unknown[] = []
    for (const { uri } of servers) {
      expect((await stage0(applying(SAMPLE, uri, 'whole'), { environment: AN_HOUR_AHEAD })).code).toBe(0)
      wholes.push(await contentOf(uri, 'whole'))
      // The shifted clock is what such a process sees, so that the rounds say something.
      expect(Math.min(...(await eventTimes(uri, 'whole')))).toBeGreaterThan(Date.now() + HOUR_MS / 2)
    }
    const tally = { succeeded: 0, lockHeld: 0, lockLost: 0 }
    for (let round = 0; round < ROUNDS; round += 1) {
      const { uri } = servers[round % servers.length] ?? servers[0]!
      const database = `raced${round}`
      const ended = await race(uri, database, ((round * 5 + 4) % STEPS) + 1)
      for (const { code, stderr, stdout } of ended) {
        expect([round, code, stderr + stdout]).toEqual([round, code === 0 ? 0 : 3, expect.any(String)])
        if (code === 0) tally.succeeded += 1
        else if (stderr.includes('LOCK_LOST')) tally.lockLost += 1
        else {
          expect(stderr).toMatch(/LOCK_HELD[^]* on [^]*\(process \d+\) holds the lock since/)
          tally.lockHeld += 1
        }
      }
      const last = await stage0(applying(SAMPLE, uri, database, '--wait', '60'))
      expect([round, last.code, last.stderr]).toEqual([round, 0, expect.any(String)])
      expect([round, await contentOf(uri, database)]).toEqual([round, wholes[round % servers.length]])
      expect([round, await leftOpen(uri, database)]).toEqual([round, { locks: 0, runs: 0 }])
    }
    const counts = `${tally.succeeded} done or nothing to do, ${tally.lockHeld} named the holder, ${tally.lockLost} lost the lock`
    console.log(
      `race: ${ROUNDS} rounds of ${PROCESSES} processes: ${counts}; every database equal to an uninterrupted one`,
    )
  })
})
