import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isFromFork, readEvent } from './base.mjs'
import { check } from './check.mjs'
import { writeComment } from './comment.mjs'
import { readInputs } from './inputs.mjs'
import { command, output } from './log.mjs'
import { plan } from './plan.mjs'
import { provideCommand } from './provide.mjs'
import { forChildren } from './stage0.mjs'

/**
 * The step of the action: checks, plans, and writes both to the summary of the job and into the pull request. It fails
 * where the check found errors or the plan is refused; not where only the comment cannot be written.
 */
const { env } = process
/** @param {string} line */
const tell = (line) => process.stdout.write(`${line}\n`)

/** @returns {Promise<number>} The exit code. */
async function main() {
  const inputs = readInputs(env)
  const event = readEvent(env.GITHUB_EVENT_PATH)
  mkdirSync(inputs.temporary, { recursive: true })
  const children = forChildren(env)
  const stage0 = await provideCommand(inputs, children)
  const job = { inputs, stage0, env: children, event, tell }
  const checked = await check(job)
  const planned = checked.errors === 0 ? await plan(job) : undefined
  /** @param {string} name @param {string | number | boolean | undefined} value */
  const give = (name, value) => output(env.GITHUB_OUTPUT, name, String(value ?? ''))
  give('errors', checked.errors)
  give('warnings', checked.warnings)
  give('sarif', checked.sarif)
  give('refused', planned?.refused)
  give('steps', planned?.steps)

  const text = [
    ...(planned === undefined ? ['No plan is made while the check finds errors.', '', checked.markdown] : []),
    ...(planned === undefined ? [] : [`${planned.from}${noteOf(checked)}`, '', planned.markdown]),
  ].join('\n')
  const file = join(inputs.temporary, 'plan.md')
  writeFileSync(file, text)
  give('plan', file)
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${text}\n`)

  const isWorthIt = planned === undefined || planned.refused || planned.steps !== 0 || checked.warnings > 0
  give('comment-url', inputs.comment ? await comment(inputs, event, text, isWorthIt) : '')
  return planned === undefined || planned.refused ? 1 : 0
}

/**
 * Warnings stand at their lines; the plan repeats those that are about it.
 *
 * @param {{ warnings: number }} checked
 */
const noteOf = ({ warnings }) =>
  warnings === 0 ? '' : ` The check found ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, at their lines.`

/**
 * @param {import('./inputs.mjs').Inputs} inputs
 * @param {import('./base.mjs').Event} event
 * @param {string} text
 * @param {boolean} create Whether there is something to say where no comment is there yet.
 * @returns {Promise<string>} Its address, or nothing.
 */
async function comment({ token, author, marker }, event, text, create) {
  const { pull_request: pull } = event
  const repository = env.GITHUB_REPOSITORY
  const api = env.GITHUB_API_URL
  if (pull === undefined || !repository || !api) return ''
  const place = { api, repository, number: pull.number, token, author }
  const done = await writeComment(place, marker, `${marker}\n${text}`, { create, wait })
  switch (done.kind) {
    case 'written':
      return done.url
    case 'none':
      return ''
    case 'forbidden': {
      const why = isFromFork(event)
        ? 'A pull request from a fork may not be commented on by this job'
        : 'The token of this job may not comment on the pull request (it needs `pull-requests: write`)'
      tell(command('notice', `${why}: the plan is in the summary of the job.`, { title: 'Stage0' }))
      return ''
    }
    case 'failed':
      tell(command('warning', `The comment could not be written (${done.why}): the plan is in the summary of the job.`))
      return ''
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  tell(command('error', error instanceof Error ? error.message : String(error), { title: 'Stage0' }))
  process.exitCode = 1
}
