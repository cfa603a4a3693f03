import { startEmbedded } from '@stage0/embedded'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ASSUMPTIONS } from './server-assumptions/suite.ts'
import { runAssumptions } from './server-assumptions/run.ts'

const PAGE = new URL('../../../docs/server-assumptions.md', import.meta.url)

describe('what is assumed of the server', () => {
  // A server that is given is of one kind; the embedded one is tried as both.
  const given = process.env['MONGO_CONNECTION_STRING']
  const kinds = given === undefined ? ['standalone', 'replica-set'] : ['the one that is given']
  it.each(kinds)('holds on the server under test, every one of it: %s', async (kind) => {
    const options = kind === 'replica-set' ? { replicaSet: 'rs' } : {}
    const embedded = given === undefined ? await startEmbedded(options) : undefined
    const uri = given ?? embedded?.uri ?? ''
    try {
      const report = await runAssumptions(uri, `stage0_test_${randomBytes(6).toString('hex')}`)
      if (!report.ok) throw new Error(report.error.message)
      expect(report.value.outcomes.filter(({ result }) => result === 'fail')).toEqual([])
      expect(report.value.outcomes.map(({ id }) => id)).toEqual(ASSUMPTIONS.map(({ id }) => id))
      if (given === undefined) expect(report.value.server.kind).toBe(kind)
    } finally {
      await embedded?.close()
    }
  })

  it('stands on the page under the same ids, in the same order, in the same words, each with a source', () => {
    const rows = readFileSync(PAGE, 'utf8')
      .split('\n')
      .filter((line) => /^\| `[a-z0-9-]+` +\|/.test(line))
      .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    expect(rows.map((cells) => cells[1]?.replaceAll('`', ''))).toEqual(ASSUMPTIONS.map(({ id }) => id))
    // Prettier escapes what Markdown would take for emphasis.
    const said = rows.map((cells) => cells[3]?.replaceAll('\\', ''))
    expect(said).toEqual(ASSUMPTIONS.map(({ holds }) => holds))
    for (const cells of rows) expect(cells[4], cells[1]).toMatch(/https:\/\/\S+/)
  })

  it('has no id twice', () => {
    expect(new Set(ASSUMPTIONS.map(({ id }) => id)).size).toBe(ASSUMPTIONS.length)
  })

  it('is reported as unreachable where there is no server', async () => {
    const report = await runAssumptions('mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50', 'stage0_test_none')
    expect(report).toMatchObject({ ok: false, error: { code: 'TARGET_UNREACHABLE' } })
  })
})
