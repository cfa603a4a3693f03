import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isFromFork, readEvent } from './base.mjs'
import { check } from './check.mjs'
import { writeComment } from './comment.mjs'
import { readInputs } from './inputs.mjs'
import { command, output, Told } from './log.mjs'
import { plan } from './plan.mjs'
import { provideCommand } from './provide.mjs'
import { forChildren } from './stage0.mjs'

/**
 * The step of the action: checks, plans, and writes both to the summary of the job and into the pull request. It fails
 * where the check found errors or the plan is refused; not where only the comment cannot be written. Where there is no
 * plan, it says so in the same places: the plan of an earlier commit must not stand there as if it were of this one.
 */
const { env } = process
/** @param {string} line */
const tell = (line) => process.stdout.write(`${line}\n`)
/** @param {string} name @param {string | number | boolean | undefined} value */
const give = (name, value) => output(env.GITHUB_OUTPUT, name, String(value ?? ''))

/**
 * @typedef {object} Said
 * @property {string} text Markdown that begins in the middle of a sentence.
 * @property {boolean} isWorthIt Whether there is something to say where no comment is there yet.
 */

/** @returns {Promise<number>} The exit code. */
async function main() {
  const inputs = readInputs(env)
  const event = readEvent(env.GITHUB_EVENT_PATH)
  mkdirSync(inputs.temporary, { recursive: true })
  const { said, isGood } = await checkAndPlan(inputs, event).catch(async (error) => {
    // What a defect says may hold anything: it is for the log alone.
    const [why = ''] = (error instanceof Told ? error.message : 'See the log of the job.').split('\n', 1)
    await say(inputs, event, { text: `there is no plan. ${why}`, isWorthIt: false })
    throw error
  })
  await say(inputs, event, said)
  return isGood ? 0 : 1
}

/**
 * @param {import('./inputs.mjs').Inputs} inputs
 * @param {import('./base.mjs').Event} event
 * @returns {Promise<{ said: Said, isGood: boolean }>}
 */
async function checkAndPlan(inputs, event) {
  const children = forChildren(env)
  const stage0 = await provideCommand(inputs, children)
  const job = { inputs, stage0, env: children, event, tell }
  const checked = await check(job)
  give('errors', checked.errors)
  give('warnings', checked.warnings)
  give('sarif', checked.sarif)
  if (checked.errors > 0) {
    give('refused', undefined)
    give('steps', undefined)
    const text = `no plan is made while the check finds errors.\n\n${checked.markdown}`
    return { said: { text, isWorthIt: true }, isGood: false }
  }
  const { from, markdown, refused, steps } = await plan(job)
  give('refused', refused)
  give('steps', steps)
  const isWorthIt = refused || steps !== 0 || checked.warnings > 0
  return { said: { text: `${from}${noteOf(checked)}\n\n${markdown}`, isWorthIt }, isGood: !refused }
}

/**
 * Writes it to where it is looked for, with the commit that it is about.
 *
 * @param {import('./inputs.mjs').Inputs} inputs
 * @param {import('./base.mjs').Event} event
 * @param {Said} said
 */
async function say(inputs, event, { text, isWorthIt }) {
  const head = event.pull_request?.head.sha ?? env.GITHUB_SHA ?? ''
  const whole = `${/^[0-9a-f]{40,64}$/.test(head) ? `Commit \`${head.slice(0, 12)}\`` : 'This commit'}: ${text}`
  const file = join(inputs.temporary, 'plan.md')
  writeFileSync(file, whole)
  give('plan', file)
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${whole}\n`)
  give('comment-url', inputs.comment ? await comment(inputs, event, whole, isWorthIt) : '')
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
  const run = { id: Number(env.GITHUB_RUN_ID ?? 0), attempt: Number(env.GITHUB_RUN_ATTEMPT ?? 0) }
  const done = await writeComment(place, marker, text, { run, create, wait })
  switch (done.kind) {
    case 'written':
      return done.url
    case 'none':
      return ''
    case 'later':
      tell(command('notice', 'A later run has written the comment: this one is in the summary of the job alone.'))
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
