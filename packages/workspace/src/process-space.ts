import { readFileSync, readlinkSync } from 'node:fs'
import type { IsGone, LockHolder } from '@stage0/engine'

/**
 * The space of process numbers that this process lives in: this boot of this machine, and of it the container. `undefined` where the
 * system does not tell it, as outside of Linux: then nothing is known of the processes of others.
 */
export function processSpace(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return undefined
  }
}

/**
 * Whether the process of a holder is known to be gone: it has its number in the space that this process lives in, and no process
 * has the number. A number that is in use again says nothing.
 */
export const isGone: IsGone = ({ pid, processSpace: space }: LockHolder): boolean => {
  if (space === undefined || space !== processSpace()) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
