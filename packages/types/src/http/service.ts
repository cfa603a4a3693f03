import { Type, type Static } from 'typebox'

export const ErrorDescription = Type.Object(
  {
    code: Type.String({ description: 'Its key' }),
    title: Type.String({ description: 'What it is, in a few words' }),
    cause: Type.String({ description: 'How it comes about' }),
    fix: Type.String({ description: 'What to do about it' }),
    status: Type.Optional(
      Type.Integer({ minimum: 400, maximum: 599, description: 'Of answers that have it; absent where no answer has' }),
    ),
  },
  { $id: 'ErrorDescription', description: 'An entry of the error catalogue' },
)
export type ErrorDescription = Static<typeof ErrorDescription>

export const Liveness = Type.Object(
  { status: Type.Literal('live', { description: 'Always `live`: what is not does not answer' }) },
  { $id: 'Liveness', description: 'The process answers' },
)

export const Readiness = Type.Object(
  {
    status: Type.Union([Type.Literal('ready'), Type.Literal('not ready')], { description: 'Of all together' }),
    checks: Type.Array(
      Type.Object({
        name: Type.Union([Type.Literal('repository'), Type.Literal('database'), Type.Literal('start-up processing')], {
          description: 'What is needed',
        }),
        ok: Type.Boolean({ description: 'Whether it is there' }),
        text: Type.String({ description: 'In words' }),
      }),
      { description: 'Each thing that it needs' },
    ),
  },
  { $id: 'Readiness', description: 'Whether the service can do its work' },
)
export type Readiness = Static<typeof Readiness>

export const ConfigItem = Type.Object({
  name: Type.String({ description: 'Of the setting' }),
  value: Type.String({ description: 'Secrets show the word "secret"' }),
  from: Type.Union(
    [Type.Literal('default'), Type.Literal('file'), Type.Literal('environment'), Type.Literal('option')],
    { description: 'Where the value comes from' },
  ),
})

export const Allowed = Type.Object(
  {
    allowed: Type.Boolean({ description: 'Whether it may' }),
    reason: Type.Optional(Type.String({ description: 'Why not, in words' })),
  },
  { description: 'Whether the service may be asked for it, and why not' },
)
export type Allowed = Static<typeof Allowed>

export const Capabilities = Type.Object(
  {
    title: Type.String({ description: 'Of the console: UI_HEADER' }),
    version: Type.String({ description: 'Of Stage0' }),
    built_at: Type.String({ description: 'API_BUILT_AT' }),
    mode: Type.Union([Type.Literal('local'), Type.Literal('packaged')], {
      description: '`local`: files may be edited',
    }),
    mode_reason: Type.String({ description: 'What decides that, in words' }),
    environment: Type.String({ description: 'ENVIRONMENT_NAME' }),
    database: Type.String({ description: 'Its name' }),
    deployment: Type.String({ description: 'Where the database is, without secrets' }),
    server: Type.Optional(
      Type.String({
        description: '"MongoDB 7.0.0, standalone (embedded)"; absent while the database cannot be reached',
      }),
    ),
    load_test_data: Type.Boolean({ description: 'LOAD_TEST_DATA: what a plan does unless it is told otherwise' }),
    edit_files: Allowed,
    run: Allowed,
    drop_database: Allowed,
    auth: Type.Object(
      {
        mode: Type.String({ description: 'AUTH_MODE' }),
        user: Type.String({ description: 'The name under which runs are recorded' }),
        roles: Type.Array(Type.String(), { description: 'What the user may do' }),
      },
      { description: 'Who asks' },
    ),
  },
  { description: 'What the service is, and what it may be asked to do' },
)

export const ServiceConfig = Type.Object(
  { config_items: Type.Array(ConfigItem, { description: 'Every setting' }), capabilities: Capabilities },
  { $id: 'ServiceConfig', description: 'How the service is set up' },
)
export type ServiceConfig = Static<typeof ServiceConfig>
