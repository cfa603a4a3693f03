import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Wanted } from '@stage0/core'
import { startEmbedded } from '@stage0/embedded'
import type { SentCommand } from '@stage0/mongo'
import { sharedFolder } from '@stage0/testkit'
import { loadSettings, readWorkspace, workspaceOptions } from '@stage0/workspace'
import { applyOnce, replay, wantedFrom } from './apply-once.ts'

/** Runs of each side; the fastest counts, since everything else is noise of the machine. */
const ROUNDS = 5
const BAR = 2.0

/** The repository that is applied: `passing_process` without its impossible unique index, else the sample. */
async function repository(): Promise<{ name: string; folder: string; remove: () => Promise<void> }> {
  const fixtures = sharedFolder('fixtures')
  const sample = fileURLToPath(new URL('../packages/templates/sample', import.meta.url))
  const scratch = await mkdtemp(join(tmpdir(), 'stage0-bench-'))
  const folder = join(scratch, 'repository')
  await cp(fixtures === undefined ? sample : join(fixtures, 'passing_process'), folder, { recursive: true })
  if (fixtures !== undefined) {
    const file = join(folder, 'configurations', 'user.yaml')
    await writeFile(file, (await readFile(file, 'utf8')).replace('unique: true', 'unique: false'))
  }
  return {
    name: fixtures === undefined ? 'sample' : 'passing_process',
    folder,
    remove: () => rm(scratch, { recursive: true }),
  }
}

async function wantedOf(folder: string): Promise<Wanted> {
  const settings = loadSettings({ env: {}, repository: folder })
  if (!settings.ok) throw new Error(JSON.stringify(settings.error))
  const read = await readWorkspace(folder, workspaceOptions(settings.value))
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  return wantedFrom(read.value, true)
}

/** On a fresh database each. */
async function onFreshServer<T>(work: (uri: string) => Promise<T>): Promise<T> {
  const server = await startEmbedded()
  try {
    return await work(server.uri)
  } finally {
    await server.close()
  }
}

function countByName(sent: readonly SentCommand[]): string {
  const counts = new Map<string, number>()
  for (const { name } of sent) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

const { name, folder, remove } = await repository()
try {
  const wanted = await wantedOf(folder)
  const versions = wanted.collections.reduce((sum, collection) => sum + collection.versions.length, 0)
  const applied: number[] = []
  const replayed: number[] = []
  let sent: readonly SentCommand[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const run = await onFreshServer((uri) => applyOnce(uri, wanted))
    sent = run.sent
    applied.push(run.ms)
    replayed.push(await onFreshServer((uri) => replay(uri, run.sent)))
  }
  const [best, script] = [Math.min(...applied), Math.min(...replayed)]
  console.log(
    `apply of ${name}: ${versions} versions, ${sent.length} commands, ${(sent.length / versions).toFixed(1)} per version`,
  )
  console.log(`  ${countByName(sent)}`)
  console.log(`  apply ${best.toFixed(0)} ms, the same commands by a script ${script.toFixed(0)} ms, best of ${ROUNDS}`)
  console.log(`  ratio ${(best / script).toFixed(2)} (at most ${BAR.toFixed(1)})`)
} finally {
  await remove()
}
