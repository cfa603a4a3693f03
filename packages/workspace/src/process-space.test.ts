import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { holderOf } from './machine.ts'
import { isGone, processSpace } from './process-space.ts'

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  if (child.pid === undefined) throw new Error('no process was started')
  return child.pid
}

describe('the process of a holder', () => {
  it.runIf(processSpace() !== undefined)(
    'is gone where no process of this machine and container has its number',
    async () => {
      const self = holderOf('stage0 apply')
      expect([isGone(self), isGone({ ...self, pid: await deadPid() })]).toEqual([false, true])
    },
  )

  it.each([undefined, '', 'another-boot pid:[4026531836]'])(
    'is not known to be gone where its number belongs to another space: %s',
    async (space) => {
      expect(isGone({ ...holderOf('stage0 apply'), pid: await deadPid(), processSpace: space })).toBe(false)
    },
  )
})
