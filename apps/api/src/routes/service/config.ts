import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Allowed, type Capabilities, ServiceConfig } from '@stage0/types'
import { hostsOf, redactUri, SETTING_NAMES, SETTINGS } from '@stage0/workspace'
import type { Static } from 'typebox'
import type { AppDeps } from '../../deps.ts'
import { within } from '../../http/within.ts'
import { mayDropDatabase, mayEditFiles, modeOf } from './mode.ts'

/** The page must come up while the database is slow; what is known of it is told when it answers. */
const LOOK_MS = 1500
const MAX_AGE_MS = 30_000

/** The settings in force and what this service may be asked to do. */
export const configRoutes: FastifyPluginAsyncTypebox<{ deps: AppDeps }> = async (app, { deps }) => {
  app.get(
    '/api/config',
    {
      schema: {
        operationId: 'readConfig',
        tags: ['service'],
        summary: 'Settings with their sources, secrets masked, and what is possible here',
        response: { 200: ServiceConfig },
      },
    },
    async () => ({ config_items: configItems(deps), capabilities: await capabilities(deps) }),
  )
}

const configItems = ({ settings }: AppDeps): ServiceConfig['config_items'] =>
  SETTING_NAMES.map((name) => {
    const { value, from } = settings[name]
    return { name, value: 'secret' in SETTINGS[name] ? 'secret' : redactUri(String(value)), from }
  })

async function capabilities(deps: AppDeps): Promise<Static<typeof Capabilities>> {
  const { settings, version } = deps
  const mode = modeOf(settings)
  const server = await within(deps.clock, LOOK_MS, serverWords(deps), undefined)
  const run: Allowed = { allowed: true }
  return {
    title: settings.UI_HEADER.value,
    version,
    built_at: settings.API_BUILT_AT.value,
    mode: mode.mode,
    mode_reason: mode.reason,
    environment: settings.ENVIRONMENT_NAME.value,
    database: settings.MONGO_DB_NAME.value,
    deployment: hostsOf(settings.MONGO_CONNECTION_STRING.value).join(', '),
    ...(server === undefined ? {} : { server }),
    load_test_data: settings.LOAD_TEST_DATA.value,
    edit_files: mayEditFiles(mode),
    run,
    drop_database: mayDropDatabase(mode, settings),
    auth: { mode: settings.AUTH_MODE.value, user: deps.holder('', '').user, roles: ['admin'] },
  }
}

async function serverWords({ target }: AppDeps): Promise<string | undefined> {
  const seen = await target.observe(MAX_AGE_MS)
  if (!seen.ok) return undefined
  const { version, kind, modules } = seen.value.observed.server
  return `MongoDB ${version}, ${kind}${modules.includes('embedded') ? ' (embedded)' : ''}`
}
