import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Who holds a data folder: enough to tell a process that runs from one that is gone, also when its number is used again. */
export interface Holder {
  readonly pid: number
  readonly host: string
  /** Which start of the machine; undefined where it cannot be told. */
  readonly boot: string | undefined
  /** When the process began, in the machine's own count; undefined where it cannot be told. */
  readonly begun: string | undefined
  /** ISO 8601: when the folder was taken. */
  readonly since: string
}

export interface Machine {
  describe(since: Date): Holder
  /** `unknown`: it runs, or ran, on another machine. */
  judge(holder: Holder): 'running' | 'ended' | 'unknown'
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Only Linux has these files; elsewhere the process number alone decides.
    return undefined
  }
}

/** State and beginning of a process. Source: the manual page proc_pid_stat(5), fields 3 and 22. */
function statOf(pid: number): { readonly state: string; readonly begun: string } | undefined {
  const text = readIfThere(`/proc/${pid}/stat`)
  if (text === undefined) return undefined
  // The name in parentheses may hold anything, also spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', begun: fields[19] ?? '' }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const bootId = (): string | undefined => readIfThere('/proc/sys/kernel/random/boot_id')?.trim()

function judge(holder: Holder): 'running' | 'ended' | 'unknown' {
  if (holder.host !== hostname()) return 'unknown'
  const boot = bootId()
  if (holder.boot !== undefined && boot !== undefined && holder.boot !== boot) return 'ended'
  if (!exists(holder.pid)) return 'ended'
  const stat = statOf(holder.pid)
  if (stat === undefined) return 'running'
  const isGone = stat.state === 'Z' || stat.state === 'X'
  return isGone || (holder.begun !== undefined && holder.begun !== stat.begun) ? 'ended' : 'running'
}

/** This machine and this process. */
export const thisMachine: Machine = {
  describe: (since) => ({
    pid: process.pid,
    host: hostname(),
    boot: bootId(),
    begun: statOf(process.pid)?.begun,
    since: since.toISOString(),
  }),
  judge,
}
