import { spawnSync } from 'node:child_process'
import type { ProblemDetails } from '@stage0/types'
import { holderOf } from '@stage0/workspace'
import { describe, expect, it } from 'vitest'
import { database, serviceAt, type Service } from '../../runs/testing/service.ts'

/** A service that tells the number of a process which has ended, at work on a run: as if it was killed there. */
async function killedAtWork(uri: string): Promise<{ readonly run_id: string; readonly resume: () => void }> {
  const { pid } = spawnSync(process.execPath, ['--version'])
  const killed = await serviceAt(uri, { deps: { holder: (command, runId) => ({ ...holderOf(command), runId, pid }) } })
  const pause = killed.steer.pauseAt('buildIndexes')
  const { run_id } = await killed.start()
  await pause.reached
  return { run_id, resume: () => pause.resume() }
}

const refusedBy = async ({ inject }: Service, method: 'POST' | 'DELETE' | 'PUT', url: string, payload: object = {}) => {
  const response = await inject({ method, url, payload })
  return response.json<ProblemDetails>()
}

// Only Linux tells which processes share their numbers.
describe.runIf(process.platform === 'linux')('the lock of a process that is gone', () => {
  it('is told as such to who would run, cancel or pause', async () => {
    const db = await database()
    const { run_id, resume } = await killedAtWork(db.uri)
    const service = await serviceAt(db.uri)
    const run = await refusedBy(service, 'POST', '/api/runs')
    expect(run).toMatchObject({ status: 409, code: 'LOCK_HELD', holder: { run_id } })
    expect(run.detail).toMatch(/its process is no longer there, so the lock ends by itself at \d{4}-/)
    for (const asked of [
      await refusedBy(service, 'DELETE', `/api/runs/${run_id}`),
      await refusedBy(service, 'PUT', `/api/runs/${run_id}/paused`, { paused: true }),
    ]) {
      expect(asked).toMatchObject({ status: 409, code: 'RUN_ENDED' })
      expect(asked.detail).toContain('is no longer there')
    }
    resume()
  })

  it('is not told of a process that lives', async () => {
    const db = await database()
    const first = await serviceAt(db.uri)
    const pause = first.steer.pauseAt('buildIndexes')
    const { run_id } = await first.start()
    await pause.reached
    const second = await serviceAt(db.uri)
    const refused = await refusedBy(second, 'POST', '/api/runs')
    expect(refused).toMatchObject({ status: 409, code: 'LOCK_HELD', holder: { run_id } })
    expect(refused.detail).not.toContain('no longer there')
    pause.resume()
    await first.ended(run_id)
  })
})
