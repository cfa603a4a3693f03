import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { isDeep, PATIENCE } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import { serverProcess } from './testing/interrupted-run.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

/** What `pnpm test:server` runs. */
const SCRIPT = fileURLToPath(new URL('../../../packages/mongo/dist/server-assumptions.cli.js', import.meta.url))
const SERVERS = [
  { kind: 'replica-set', options: ['--replica-set', 'rs0'] },
  { kind: 'standalone', options: [] },
]

describe('test:server', PATIENCE, () => {
  it.each(isDeep ? SERVERS : SERVERS.slice(0, 1))(
    'finds that all assumptions hold on the embedded server in a process of its own, as $kind, and reports it',
    async ({ kind, options }) => {
      if (!existsSync(SCRIPT)) throw new Error('The package is not built: run `pnpm build`.')
      const { uri } = await serverProcess(...options)
      const file = join(await temporaryFolder(), 'report.md')
      // It ends with another code than 0 where something does not hold, and this throws.
      const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, '--uri', uri, '--report', file])
      const report = await readFile(file, 'utf8')
      expect(report).toBe(stdout)
      expect(report).toMatch(new RegExp(`^# Server assumptions on [\\d.]+ \\(${kind}, embedded\\)`))
      const [, total = '', failed] = /^(\d+) assumptions, (\d+) do not hold/m.exec(report) ?? []
      const results = report.match(/^\| [a-z0-9-]+ \| (pass|fail|not applicable)/gm) ?? []
      expect([results.length, failed]).toEqual([Number(total), '0'])
      expect(results.filter((line) => line.endsWith('| pass')).length).toBeGreaterThan(Number(total) * 0.8)
    },
  )
})
