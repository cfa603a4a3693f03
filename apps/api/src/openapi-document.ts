import { loadSettings, systemClock } from '@stage0/workspace'
import { buildApp } from './app.ts'
import type { AppDeps } from './deps.ts'
import { RepositorySnapshots } from './sources/snapshot-source.ts'
import { connectBySettings, SharedTarget } from './sources/target-source.ts'

/** The OpenAPI document of the service as it is committed: pretty, with a final newline, the same for the same routes. */
export async function openapiDocument(version: string): Promise<string> {
  const loaded = loadSettings({ env: {} })
  if (!loaded.ok) throw new Error('the defaults of the settings are not valid')
  const settings = loaded.value
  // Nothing of it is used: routes are declared, not called.
  const deps: AppDeps = {
    settings,
    version,
    snapshots: new RepositorySnapshots(settings, systemClock.now),
    target: new SharedTarget({ connect: connectBySettings(settings, 'openapi'), now: systemClock.now }),
    clock: systemClock,
    newId: () => 'openapi',
    holder: (command, runId) => ({ host: '', pid: 0, user: '', runId, command }),
    isGone: () => false,
    log: { write: () => undefined },
  }
  const app = await buildApp(deps)
  try {
    return `${JSON.stringify(app.swagger(), undefined, 2)}\n`
  } finally {
    await app.close()
  }
}
