import type { CollectionStatus, TargetStatus } from '@stage0/engine'
import type { Colors } from '../terminal/io.ts'
import { counted } from './amounts.ts'
import { leftoversText } from './leftovers.ts'
import { hasErrors, renderProblems } from './problems.ts'
import { goneHolder, whatHolderDoes } from './runs.ts'

const NOTHING = '-'

/** The status for people: a line per collection, what differs below it, then lock, interrupted run and problems. */
export function renderStatus(status: TargetStatus, colors: Colors): string {
  const { collections, lock, interrupted, isHolderGone, run } = status
  const width = (pick: (one: CollectionStatus) => string, least: number) =>
    Math.max(least, ...collections.map((one) => pick(one).length)) + 2
  const [name, recorded] = [width((one) => one.name, 10), width((one) => one.recorded ?? NOTHING, 8)]
  const newest = width((one) => one.newest ?? NOTHING, 6)
  const lines = [
    `${colors.bold(status.database)}  ${status.server}  ${colors.dim(`environment ${status.environment}`)}`,
    '',
    colors.dim(`${'collection'.padEnd(name)}${'recorded'.padEnd(recorded)}${'newest'.padEnd(newest)}state`),
    ...collections.flatMap((one) => [
      `${one.name.padEnd(name)}${(one.recorded ?? NOTHING).padEnd(recorded)}${(one.newest ?? NOTHING).padEnd(newest)}${paint(one.state, colors)}${left(one, colors)}`,
      ...one.drift.map((words) => `  differs: ${words}`),
    ]),
    '',
    toDo(status),
  ]
  if (interrupted === undefined && !isHolderGone && collections.some(({ state }) => state === 'interrupted'))
    lines.push('Interrupted: a run ended before it was done there. The next apply goes on from there.')
  if (interrupted !== undefined)
    lines.push(
      `Run ${interrupted.runId} of ${interrupted.holder} was interrupted: its lease has ended. The next apply finishes it.`,
    )
  if (lock !== undefined) lines.push(isHolderGone ? goneHolder(lock) : whatHolderDoes(lock, run))
  return `${lines.join('\n')}\n${renderProblems(status.problems, colors)}`
}

/** What an apply would do now. */
function toDo({ collections, steps, problems, lock }: TargetStatus): string {
  if (hasErrors(problems)) return 'Nothing can be applied before what is told below is put in order.'
  if (steps > 0) return `${counted(steps, 'step')} ${lock === undefined ? 'to apply' : 'not done yet'}.`
  if (collections.some(({ state }) => state === 'drifted'))
    return 'Nothing to apply. What differs is told above; only a new version changes it.'
  return 'Nothing to do.'
}

const left = ({ leftovers }: CollectionStatus, colors: Colors): string =>
  leftovers === undefined ? '' : colors.yellow(`; ${leftoversText(leftovers.count)} (run ${leftovers.runId})`)

function paint(state: CollectionStatus['state'], colors: Colors): string {
  switch (state) {
    case 'in sync':
      return colors.green(state)
    case 'behind':
    case 'ahead':
    case 'interrupted':
    case 'paused':
      return colors.yellow(state)
    case 'at work':
      return colors.cyan(state)
    case 'drifted':
    case 'invalid':
      return colors.red(state)
  }
}
