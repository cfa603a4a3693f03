import type { CollectionPlan } from '@stage0/core'
import type { TargetStatus } from '@stage0/engine'
import type { Colors } from '../terminal/io.ts'
import { renderProblems } from './problems.ts'

const NOTHING = '-'

/** The status for people: a line per collection, what differs below it, then lock, interrupted run and problems. */
export function renderStatus(status: TargetStatus, colors: Colors): string {
  const { collections, steps, lock, interrupted } = status
  const width = (pick: (plan: CollectionPlan) => string, least: number) =>
    Math.max(least, ...collections.map((plan) => pick(plan).length)) + 2
  const [name, recorded] = [width((plan) => plan.name, 10), width((plan) => plan.recorded ?? NOTHING, 8)]
  const newest = width((plan) => plan.newest ?? NOTHING, 6)
  const lines = [
    `${colors.bold(status.database)}  ${status.server}  ${colors.dim(`environment ${status.environment}`)}`,
    '',
    colors.dim(`${'collection'.padEnd(name)}${'recorded'.padEnd(recorded)}${'newest'.padEnd(newest)}state`),
    ...collections.flatMap((plan) => [
      `${plan.name.padEnd(name)}${(plan.recorded ?? NOTHING).padEnd(recorded)}${(plan.newest ?? NOTHING).padEnd(newest)}${paint(plan.state, colors)}`,
      ...plan.drift.map((words) => `  differs: ${words}`),
    ]),
    '',
    steps === 0 ? 'Nothing to do.' : `${steps} step${steps === 1 ? '' : 's'} to apply.`,
  ]
  if (interrupted !== undefined)
    lines.push(`Run ${interrupted.runId} of ${interrupted.holder} was interrupted; the next apply finishes it.`)
  if (lock !== undefined) {
    const { holder, since, step } = lock
    lines.push(
      `Locked by run ${holder.runId} of ${holder.user}@${holder.host} (process ${holder.pid}) since ${since}${step === undefined ? '' : `, at ${step}`}.`,
    )
  }
  return `${lines.join('\n')}\n${renderProblems(status.problems, colors)}`
}

function paint(state: CollectionPlan['state'], colors: Colors): string {
  switch (state) {
    case 'in sync':
      return colors.green(state)
    case 'behind':
    case 'ahead':
    case 'interrupted':
      return colors.yellow(state)
    case 'drifted':
    case 'invalid':
      return colors.red(state)
  }
}
