import { isDeep, PATIENCE } from '@stage0/testkit'
import type { RunEvent } from '@stage0/types'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Task } from '../testing/apply-thing.ts'
import { type ThingDatabase } from '../testing/things.ts'
import { Writer } from '../testing/writer.ts'

const DOCUMENTS = isDeep ? 1_000_000 : 8_000
import { eachWithThings } from '../testing/each.ts'

let at: ThingDatabase
eachWithThings((made) => (at = made))

/** Built, as `pnpm test` does before: a process starts in a second then. */
const SCRIPT = fileURLToPath(new URL('../../dist/testing/apply-thing.js', import.meta.url))

/** Applies in a process of its own. With `killAfter` it is killed with SIGKILL as soon as it has migrated so many documents itself. */
function applyInProcess(
  task: Task,
  killAfter = Number.POSITIVE_INFINITY,
): Promise<{ killed: boolean; events: RunEvent[] }> {
  if (!existsSync(SCRIPT)) throw new Error('The package is not built: run `pnpm build`.')
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const events: RunEvent[] = []
  let first: number | undefined
  let killed = false
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as RunEvent
    events.push(event)
    if (event.type !== 'step.progress') return
    first ??= event.done
    if (event.done - first >= killAfter) killed = child.kill('SIGKILL') || killed
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve({ killed, events }))
  })
}

const percentile = (times: readonly number[], part: number): string =>
  ([...times].sort((a, b) => a - b)[Math.floor(times.length * part)] ?? NaN).toFixed(1)

describe('an online migration in processes that are killed', () => {
  it(
    'W-03, W-06: three times, under a writer, loses, skips and doubles nothing, and tells what is left',
    async () => {
      await at.seed(DOCUMENTS)
      const writer = new Writer(at.things, DOCUMENTS)
      onTestFinished(() => writer.stop())
      writer.start()
      // So many documents in this process keep its server from answering for seconds where the machine has other work.
      const leaseMs = isDeep ? 20_000 : 5000
      const { uri, name: database } = at
      const task = { uri, database, leaseMs, waitMs: 60_000, migration: { batchSize: 500, pauseMs: 5 } }
      const startedAt = performance.now()
      for (const runId of ['r1', 'r2', 'r3']) {
        const { killed, events } = await applyInProcess({ ...task, runId }, DOCUMENTS / 20)
        expect([runId, killed, killed ? undefined : events]).toEqual([runId, true, undefined])
      }
      const checkpoint = (await at.db.collection('stage0_runs').findOne({ _id: 'r3' as never }))?.['journal'].at(
        -1,
      ).checkpoint
      expect(checkpoint.done).toBeGreaterThan(DOCUMENTS / 8)
      const { events } = await applyInProcess({ ...task, runId: 'r4' })
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      await writer.stop()
      const last = events.at(-1)
      expect(events.find((event) => event.type === 'run.started')).toMatchObject({ resumes: 'r3' })

      // Whatever was there in the beginning: once.
      expect(await at.things.countDocuments({})).toBe(DOCUMENTS + writer.inserted)
      expect(await at.things.countDocuments({ old: { $exists: true } } as object)).toBe(0)
      expect(
        await at.things.countDocuments({
          $nor: [
            { shape: 2, n: 1 },
            { shape: 1, n: 0 },
          ],
        }),
      ).toBe(0)
      // No write is lost.
      const updated = await at.things.find({ w: { $exists: true } }).toArray()
      expect(updated).toHaveLength(writer.updated.size)
      expect(updated.reduce((sum, { w }) => sum + (w ?? 0), 0)).toBe(
        [...writer.updated.values()].reduce((a, b) => a + b, 0),
      )
      // Left is what the writer put behind the migration's back, exactly.
      const left = await at.things.countDocuments({ shape: 1 })
      expect(await at.things.countDocuments({ shape: 1, old: { $exists: true } } as object)).toBe(0)
      const told = events.find((event) => event.type === 'step.finished' && event.kind === 'findLeftovers')
      expect(told).toMatchObject(left === 0 ? { status: 'succeeded' } : { leftovers: { count: left } })
      expect(last).toMatchObject({ status: left === 0 ? 'succeeded' : 'succeeded_with_leftovers' })
      expect(writer.times.length).toBeGreaterThan(50)
      const ms = `p50 ${percentile(writer.times, 0.5)} ms, p99 ${percentile(writer.times, 0.99)} ms`
      process.stdout.write(
        `\n${DOCUMENTS} documents migrated online in four runs, three of them killed, in ${seconds} s; a writer meanwhile: ${writer.times.length} writes, ${ms}; ${left} documents left, ${writer.refused} refused at the end\n`,
      )
      // Four processes are started one after the other.
    },
    PATIENCE.timeout,
  )
})
