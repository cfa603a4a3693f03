import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** The process that makes a stage, as the name of the stage tells it. */
export interface Maker {
  readonly pid: number
  /** Where process numbers mean the same: the machine, or the container. Undefined in names that tell it otherwise. */
  readonly place: string | undefined
  /** When it was started, in the clock of the system; "0" where the system does not tell. */
  readonly start: string
}

const SHAPE = /^(\d+)-(?:([0-9a-f]{12})-(\d+)-)?/
/** So long nothing happens in a stage that somebody works on, also on a slow network disk, whose clock may be another. */
const BELIEVED_MS = 15 * 60_000

/** What the name of a stage begins with behind its prefix, for a process of this machine. */
export const markOf = (pid: number): string => `${pid}-${here()}-${startOf(pid) ?? '0'}-`

/** @param rest The name of a stage without its prefix. */
export function makerIn(rest: string): Maker {
  const [, pid = '0', place, start = '0'] = SHAPE.exec(rest) ?? []
  return { pid: Number(pid), place, start }
}

/**
 * Whether the process may still be at work. A number alone does not tell: numbers are given again, and mean something else in
 * another container that has the same folder.
 *
 * @param ageMs Since something last changed in the stage, however deep. It decides where the process itself cannot be asked.
 */
export function mayBeAtWork({ pid, place, start }: Maker, ageMs: number): boolean {
  if (place !== here()) return ageMs < BELIEVED_MS
  if (pid === process.pid || !isThere(pid) || hasEnded(pid)) return false
  const started = startOf(pid)
  return started === undefined || start === '0' ? ageMs < BELIEVED_MS : started === start
}

/** Whether it is, or was, a process of this machine or container. */
export const isOfHere = ({ place }: Maker): boolean => place === here()

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Containers may share the name of the machine, but no numbers of processes. */
const here = (): string =>
  createHash('sha256')
    .update(`${hostname()}\n${read(() => readlinkSync('/proc/self/ns/pid')) ?? ''}`)
    .digest('hex')
    .slice(0, 12)

/** A process that was killed keeps its number until its parent asks for it, which the first one of a container may never do. */
const hasEnded = (pid: number): boolean => /^[ZXx]$/.test(statOf(pid)?.[0] ?? '')

const startOf = (pid: number): string | undefined => statOf(pid)?.[19]

/** What the system tells of a process, from the third field on: before is its name, in which there may be anything. Source: manual, proc_pid_stat(5). */
function statOf(pid: number): readonly string[] | undefined {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** Undefined on systems without these files. */
function read(from: () => string): string | undefined {
  try {
    return from()
  } catch {
    return undefined
  }
}
