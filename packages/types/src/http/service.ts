import { Type, type Static } from 'typebox'

/** An entry of the error catalogue. */
export const ErrorDescription = Type.Object(
  {
    code: Type.String(),
    title: Type.String(),
    cause: Type.String(),
    fix: Type.String(),
    status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
  },
  { $id: 'ErrorDescription' },
)
export type ErrorDescription = Static<typeof ErrorDescription>

export const Liveness = Type.Object({ status: Type.Literal('live') }, { $id: 'Liveness' })

/** Whether the service can do its work, with each thing it needs. */
export const Readiness = Type.Object(
  {
    status: Type.Union([Type.Literal('ready'), Type.Literal('not ready')]),
    checks: Type.Array(
      Type.Object({
        name: Type.Union([Type.Literal('repository'), Type.Literal('database'), Type.Literal('start-up processing')]),
        ok: Type.Boolean(),
        text: Type.String(),
      }),
    ),
  },
  { $id: 'Readiness' },
)
export type Readiness = Static<typeof Readiness>

export const ConfigItem = Type.Object({
  name: Type.String(),
  value: Type.String({ description: 'Secrets show the word "secret"' }),
  from: Type.Union([
    Type.Literal('default'),
    Type.Literal('file'),
    Type.Literal('environment'),
    Type.Literal('option'),
  ]),
})

/** What this service may be asked to do, and why not where it may not. */
export const Allowed = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why not, in words' })),
})
export type Allowed = Static<typeof Allowed>

export const Capabilities = Type.Object({
  /** Title of the console (UI_HEADER). */
  title: Type.String(),
  /** Version of Stage0. */
  version: Type.String(),
  /** API_BUILT_AT */
  built_at: Type.String(),
  mode: Type.Union([Type.Literal('local'), Type.Literal('packaged')]),
  mode_reason: Type.String(),
  environment: Type.String(),
  database: Type.String(),
  /** Where the database is, without secrets. */
  deployment: Type.String(),
  /** "MongoDB 7.0.0, standalone (embedded)"; absent while the database cannot be reached. */
  server: Type.Optional(Type.String()),
  load_test_data: Type.Boolean({ description: 'LOAD_TEST_DATA: what a plan does unless it is told otherwise' }),
  edit_files: Allowed,
  run: Allowed,
  drop_database: Allowed,
  auth: Type.Object({ mode: Type.String(), user: Type.String(), roles: Type.Array(Type.String()) }),
})

export const ServiceConfig = Type.Object(
  { config_items: Type.Array(ConfigItem), capabilities: Capabilities },
  { $id: 'ServiceConfig' },
)
export type ServiceConfig = Static<typeof ServiceConfig>
