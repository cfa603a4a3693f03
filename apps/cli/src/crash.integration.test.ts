import { afterAll, describe, expect, it } from 'vitest'
import { startEmbedded } from '@stage0/embedded'
import { isDeep, PATIENCE } from '@stage0/testkit'
import { repositoryOfEveryStep } from './testing/every-step.ts'
import { applying, contentOf, holdRun, leftOpen, serverProcess, severalAtOnce } from './testing/interrupted-run.ts'
import { SHORT_LEASE, writePointsOf, type WritePoint } from './testing/interrupted-run.ts'
import { stage0 } from './testing/run-command.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

/** How a migration is carried out depends on what the server can. */
interface Server {
  readonly server: string
  readonly options: { readonly replicaSet?: string }
  /** The same for a server in a process of its own. */
  readonly started: readonly string[]
  /** So that a migration over few documents has several ranges. */
  readonly pace: readonly string[]
}
const STANDALONE: Server = { server: 'a standalone', options: {}, started: [], pace: [] }
const REPLICA_SET: Server = {
  ...{ server: 'a replica set', options: { replicaSet: 'rs0' }, started: ['--replica-set', 'rs0'] },
  pace: ['--batch-size', '1'],
}
const SERVERS = [STANDALONE, REPLICA_SET]

const SAMPLE_OF_MOMENTS: Readonly<Record<string, readonly string[]>> = {
  // Done and not known to be done: the journal has the intent alone. Between two steps of DDL.
  'a standalone': ['aggregate user 1 after', 'createIndexes user 2 before', 'insert organization 2 after'],
  // A range is committed with its checkpoint, and nobody was told; others are still to come.
  'a replica set': ['commitTransaction  2 after'],
}

interface Moment {
  readonly point: WritePoint
  readonly when: 'before' | 'after'
}

const nameOf = ({ point, when }: Moment): string => `${point.label} ${point.occurrence} ${when}`

type Stage = Awaited<ReturnType<typeof stageOn>>
const stages = new Map<string, Promise<Stage>>()
const endings: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const end of endings) await end()
})

/** Made once for each kind of server. */
function stage(server: Server): Promise<Stage> {
  const made = stages.get(server.server) ?? stageOn(server)
  stages.set(server.server, made)
  return made
}

/** A server, a repository, what an uninterrupted run makes of them, and the moments at which a run can be interrupted. */
async function stageOn({ options, pace }: Server) {
  const { uri, close } = await startEmbedded(options)
  const { folder, remove } = await repositoryOfEveryStep()
  endings.push(close, remove)
  const args = (to: string, database: string, ...more: readonly string[]) =>
    applying(folder, to, database, ...pace, ...more)
  const points = await writePointsOf(uri, async (gate) => {
    const { code, stderr } = await stage0(args(gate, 'whole'))
    expect([code, stderr]).toEqual([0, expect.any(String)])
  })
  const moments = points.flatMap((point): Moment[] => [
    { point, when: 'before' },
    { point, when: 'after' },
  ])
  const whole = await contentOf(uri, 'whole')
  const isFinished = async (moment: Moment, at: string, database: string) => {
    const next = await stage0(args(at, database, '--wait', '60'), { environment: SHORT_LEASE })
    expect([nameOf(moment), next.code, next.stderr]).toEqual([nameOf(moment), 0, expect.any(String)])
    expect([nameOf(moment), await contentOf(at, database)]).toEqual([nameOf(moment), whole])
    // A run that finds nothing to do takes no lock, so that of a dead one ends by its lease.
    const left = async () => [nameOf(moment), await leftOpen(at, database)]
    await expect.poll(left, { timeout: 20_000 }).toEqual([nameOf(moment), { locks: 0, runs: 0 }])
  }
  return { uri, args, moments, whole, isFinished }
}

function chosen(moments: readonly Moment[], sample: readonly string[]): readonly Moment[] {
  const found = isDeep ? moments : moments.filter((moment) => sample.includes(nameOf(moment)))
  if (!isDeep) expect(found.map(nameOf).sort()).toEqual([...sample].sort())
  return found
}

const labels = (moments: readonly Moment[]) => [...new Set(moments.map(({ point }) => point.label))]

describe.each(SERVERS)('a run on $server', PATIENCE, (given) => {
  const { server } = given
  it('that is killed before or after any command that changes something is finished by the next one (W-03)', async () => {
    const { uri, args, moments, isFinished } = await stage(given)
    expect(labels(moments)).toEqual(
      expect.arrayContaining(['create user', 'createIndexes user', 'collMod user', 'dropIndexes user', 'insert user']),
    )
    expect(labels(moments)).toContain('update stage0_runs journal')
    // As it is written: with $out and as one update. Online: a transaction for each of the documents.
    const online = moments.filter(({ point, when }) => point.label.startsWith('commitTransaction') && when === 'after')
    expect([server, online.length]).toEqual([server, server === STANDALONE.server ? 0 : 9])
    expect(labels(moments)).toContain('update organization')
    expect(labels(moments).includes('aggregate user')).toBe(server === STANDALONE.server)
    const targets = chosen(moments, SAMPLE_OF_MOMENTS[server] ?? [])
    await severalAtOnce([...targets.entries()], async ([index, moment]) => {
      const database = `killed${index}`
      const { running, gate } = await holdRun(uri, (to) => args(to, database), moment, { environment: SHORT_LEASE })
      running.child.kill('SIGKILL')
      await running.ended
      await gate.end()
      await isFinished(moment, uri, database)
    })
    console.log(`crash on ${server}: killed at ${targets.length} of ${moments.length} moments, each finished and equal`)
  })
})

describe('a run that loses what it works with', PATIENCE, () => {
  it('by SIGSTOP beyond its lease is taken over, and woken up it changes nothing any more (W-11)', async () => {
    const { uri, args, moments, whole, isFinished } = await stage(STANDALONE)
    const afterwards = moments.filter(({ when, point }) => when === 'after' && point.label !== 'release')
    await severalAtOnce([...chosen(afterwards, ['aggregate user 1 after']).entries()], async ([index, moment]) => {
      const database = `suspended${index}`
      const { running, gate } = await holdRun(uri, (to) => args(to, database), moment, { environment: SHORT_LEASE })
      running.child.kill('SIGSTOP')
      gate.release()
      await isFinished(moment, uri, database)
      running.child.kill('SIGCONT')
      const ended = await running.ended
      // It had done its work, or lost the lock; a claim whose answer comes after its lease is none: nothing was begun.
      const isKnown = ended.code === 0 || (ended.code === 3 && /LOCK_LOST|LOCK_HELD/.test(ended.stderr))
      expect([nameOf(moment), isKnown, ended.stderr]).toEqual([nameOf(moment), true, expect.any(String)])
      await gate.end()
      expect([nameOf(moment), await contentOf(uri, database)]).toEqual([nameOf(moment), whole])
    })
  })

  it('by a connection that is cut goes on or ends with the reason, and the next run finishes the work', async () => {
    const { uri, args, moments, isFinished } = await stage(STANDALONE)
    const wentOn: string[] = []
    const sample = [
      'update stage0_runs journal 1 before',
      'aggregate organization 1 before',
      'update stage0_runs journal 12 after',
    ]
    const targets = chosen(moments, sample)
    await severalAtOnce([...targets.entries()], async ([index, moment]) => {
      const database = `cut${index}`
      const { running, gate } = await holdRun(uri, (to) => args(to, database), moment, { environment: SHORT_LEASE })
      gate.cut()
      const { code, stderr } = await running.ended
      await gate.end()
      expect([nameOf(moment), [0, 3, 7], stderr]).toEqual([nameOf(moment), expect.arrayContaining([code]), stderr])
      expect([nameOf(moment), stderr]).toEqual([nameOf(moment), expect.not.stringContaining('DEFECT')])
      if (code === 0) wentOn.push(nameOf(moment))
      // The reason is the connection, or that the lock could not be kept; never that something else is wrong.
      else expect([nameOf(moment), stderr]).toEqual([nameOf(moment), expect.stringMatching(/[A-Z]+_[A-Z_]+/)])
      await isFinished(moment, uri, database)
    })
    console.log(`connection cut at ${targets.length} moments: ${wentOn.length} runs went on, the others told why`)
  })

  it.each(isDeep ? SERVERS : [STANDALONE])(
    'by the end of the server, which comes back with its data, is finished by the next one: $server',
    async (given) => {
      const { args, moments, isFinished } = await stage(given)
      const targets = chosen(moments, ['aggregate user 1 after'])
      await severalAtOnce([...targets.entries()], async ([, moment]) => {
        const data = await temporaryFolder()
        const first = await serverProcess('--data', data, ...given.started)
        const short = (to: string) => args(`${to}&serverSelectionTimeoutMS=2000`, 'shop')
        const { running, gate } = await holdRun(first.uri, short, moment, { environment: SHORT_LEASE })
        first.running.child.kill('SIGKILL')
        await first.running.ended
        gate.shut()
        gate.release()
        const { code, stderr } = await running.ended
        await gate.end()
        // Where only the lock was still to be given back, all is done and recorded.
        const codes = moment.point.label === 'release' ? [0] : [3, 7]
        expect([nameOf(moment), codes, stderr]).toEqual([nameOf(moment), expect.arrayContaining([code]), stderr])
        expect([nameOf(moment), stderr]).toEqual([nameOf(moment), expect.not.stringContaining('DEFECT')])
        const second = await serverProcess('--data', data, ...given.started)
        await isFinished(moment, second.uri, 'shop')
        second.running.child.kill('SIGTERM')
        await second.running.ended
      })
      console.log(`${given.server} killed at ${targets.length} moments, each run finished on the restarted one`)
    },
  )
})
