import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makerIn, markOf, mayBeAtWork } from './maker.ts'

/** @returns the process number of a child that was killed, and for whose end nobody asked. */
async function unreaped(): Promise<number> {
  // The shell becomes another program, which knows of no child.
  const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [said] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(said.toString())
  const statOf = (of: number | undefined): string => readFileSync(`/proc/${of}/stat`, 'utf8')
  await expect.poll(() => statOf(parent.pid)).toContain('(sleep)')
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => statOf(pid)).toMatch(/\) Z /)
  return pid
}

describe('the process that makes a stage', () => {
  it('may be at work while it is there', () => {
    const pid = process.ppid
    expect(mayBeAtWork(makerIn(markOf(pid)), 0)).toBe(true)
  })

  it.skipIf(!existsSync('/proc/self/stat'))(
    'is not at work when it has ended, though nobody asked for its end (where the system has /proc to tell it)',
    async () => {
      const pid = await unreaped()
      expect(mayBeAtWork(makerIn(markOf(pid)), 0)).toBe(false)
    },
  )
})
