import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { writeFileSync } from 'node:fs'
import { runAssumptions, type AssumptionReport } from './server-assumptions/run.ts'

const USAGE = `pnpm test:server --uri <connection string> [--report <file>]

Checks on a server, in throw-away databases, all that Stage0 relies on (docs/server-assumptions.md),
and writes a report. Exit code: 0 all hold, 1 some do not, 7 server not usable, 64 wrong use.
`

/** The report as Markdown: server, then one line per assumption. */
function toMarkdown({ server, outcomes }: AssumptionReport): string {
  const failed = outcomes.filter(({ result }) => result === 'fail').length
  const lines = outcomes.map(({ id, holds, result, why }) => {
    const reason = why === undefined ? '' : `: ${why.replaceAll(/\s+/g, ' ')}`
    return `| ${id} | ${result}${reason.replaceAll('|', '\\|')} | ${holds.replaceAll('|', '\\|')} |`
  })
  const modules = server.modules.length === 0 ? '' : `, ${server.modules.join(', ')}`
  return [
    `# Server assumptions on ${server.version} (${server.kind}${modules})`,
    '',
    `${outcomes.length} assumptions, ${failed} do not hold.`,
    '',
    '| id | result | assumption |',
    '| --- | --- | --- |',
    ...lines,
    '',
  ].join('\n')
}

async function main(args: readonly string[]): Promise<number> {
  const options = { uri: { type: 'string' }, report: { type: 'string' }, help: { type: 'boolean' } } as const
  let values: { uri?: string; report?: string; help?: boolean }
  try {
    values = parseArgs({ args: args.filter((arg) => arg !== '--'), options }).values
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n\n${USAGE}`)
    return 64
  }
  if (values.help === true) {
    process.stdout.write(USAGE)
    return 0
  }
  if (values.uri === undefined) {
    process.stderr.write(USAGE)
    return 64
  }
  const report = await runAssumptions(values.uri, `stage0_check_${randomBytes(6).toString('hex')}`)
  if (!report.ok) {
    process.stderr.write(`${report.error.code}: ${report.error.message}\n${report.error.hint ?? ''}\n`)
    return 7
  }
  const text = toMarkdown(report.value)
  process.stdout.write(text)
  if (values.report !== undefined) writeFileSync(values.report, text)
  return report.value.outcomes.some(({ result }) => result === 'fail') ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2))
