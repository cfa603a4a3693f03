import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadSettings } from '@stage0/workspace'
import { SAMPLE } from '../testing/test-app.ts'
import { RepositorySnapshots } from './snapshot-source.ts'

/** So late that no change of the test is too recent to be told apart. */
const LATER = () => new Date(Date.now() + 3_600_000)

async function sample(overrides: Record<string, string> = {}) {
  const parent = await mkdtemp(join(tmpdir(), 'stage0-snapshots-'))
  onTestFinished(() => rm(parent, { recursive: true, force: true }))
  const folder = join(parent, 'repository')
  await cp(SAMPLE, folder, { recursive: true })
  const settings = loadSettings({ env: {}, overrides: { INPUT_FOLDER: folder, ...overrides } })
  if (!settings.ok) throw new Error(settings.error[0]?.text)
  const change = async (path: string, to: (text: string) => string) => {
    await writeFile(join(folder, path), to(await readFile(join(folder, path), 'utf8')))
  }
  return { folder, settings: settings.value, change }
}

describe('the snapshot of the repository', () => {
  it('is read once for all who ask, as long as no file changes', async () => {
    const { settings } = await sample()
    const snapshots = new RepositorySnapshots(settings, LATER)
    const [first, second] = await Promise.all([snapshots.current(), snapshots.current()])
    expect(second).toBe(first)
    expect(await snapshots.current()).toBe(first)
    expect(first.wanted?.collections.length).toBeGreaterThan(0)
  })

  it('is another one for who loads test data', async () => {
    const { settings } = await sample()
    const snapshots = new RepositorySnapshots(settings, LATER)
    expect(await snapshots.current(true)).not.toBe(await snapshots.current(false))
  })

  it('is new for everybody who asks after a change, also while a look is under way', async () => {
    const { settings, folder } = await sample()
    const snapshots = new RepositorySnapshots(settings, LATER)
    const before = await snapshots.current()
    const early = snapshots.current()
    await writeFile(join(folder, 'types/broken.yaml'), 'a: [')
    const after = await snapshots.current()
    await early
    expect(after.problems.some(({ file }) => file === 'types/broken.yaml')).toBe(true)
    expect(before.problems.some(({ file }) => file === 'types/broken.yaml')).toBe(false)
  })

  it('is not kept while a change of the same instant could hide', async () => {
    const { settings } = await sample()
    const snapshots = new RepositorySnapshots(settings, () => new Date(0))
    expect(await snapshots.current()).not.toBe(await snapshots.current())
  })

  it('W-53: ends a check that a pattern of the repository draws out, and says so again without checking the same files twice', async () => {
    // Long enough for the check of the corrected files, also on a busy machine.
    const { settings, change } = await sample({ CHECK_TIMEOUT_MS: '5000' })
    await change('types/slug.yaml', (text) => text.replace(/pattern: '[^']*'/, () => "pattern: '^(a+)+$'"))
    const dataFile = 'test_data/organization.1.1.0.2.json'
    await change(dataFile, (text) => text.replace(/"slug": "[^"]*"/, `"slug": "${'a'.repeat(35)}!"`))
    const snapshots = new RepositorySnapshots(settings, LATER)
    const refusal = { code: 'CHECK_TOOK_TOO_LONG', status: 503 }
    const first = await snapshots.current(true).catch((thrown: unknown) => thrown)
    expect(first).toMatchObject(refusal)
    // The same refusal, not another one like it: the files were not checked a second time.
    expect(await snapshots.current(true).catch((thrown: unknown) => thrown)).toBe(first)
    await change('types/slug.yaml', (text) => text.replace('(a+)+', 'a+'))
    expect((await snapshots.current(true)).problems.some(({ file }) => file === dataFile)).toBe(true)
  })

  it('W-53: tries a check that was given up again after a rest: the machine may have been busy', async () => {
    const { settings, change } = await sample({ CHECK_TIMEOUT_MS: '300' })
    await change('types/slug.yaml', (text) => text.replace(/pattern: '[^']*'/, () => "pattern: '^(a+)+$'"))
    const dataFile = 'test_data/organization.1.1.0.2.json'
    await change(dataFile, (text) => text.replace(/"slug": "[^"]*"/, `"slug": "${'a'.repeat(35)}!"`))
    let laterMs = 3_600_000
    const snapshots = new RepositorySnapshots(settings, () => new Date(Date.now() + laterMs))
    const thrown = () => snapshots.current(true).catch((refusal: unknown) => refusal)
    const first = await thrown()
    laterMs += 3_600_000
    const second = await thrown()
    expect(second).toMatchObject({ code: 'CHECK_TOOK_TOO_LONG' })
    expect(second).not.toBe(first)
  })
})
