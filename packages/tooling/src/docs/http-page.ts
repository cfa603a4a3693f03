import type { Json } from '@stage0/core'
import { errorEntry, Leftovers, LockView, Problem, RunError, type ErrorCode } from '@stage0/types'
import { GENERATED } from './generated.ts'
import { anchorOf, code, page, table } from './markdown.ts'
import { isSchema, listOf, rowsOf, typeInWords, type Link, type Schema } from './schema-rows.ts'

/** The groups of the routes, in the order of the page: each tag of the OpenAPI document, with its heading. */
export const GROUPS: Readonly<Record<string, string>> = {
  collections: 'Collections',
  plans: 'Plans',
  runs: 'Runs',
  repository: 'The repository',
  files: 'Files',
  database: 'The database',
  service: 'The service itself',
}
const METHODS = ['get', 'post', 'put', 'patch', 'delete']
const EVENT_TYPES = /^(?:run|step)\./

const ALONE = 'From [`stage0 console`](command.md#stage0-console) alone:'
/** Answers that no route declares, with when they come where the catalogue of errors says it otherwise or more widely. */
export const BESIDE_ROUTES: readonly (readonly [status: number, code: ErrorCode, when?: string])[] = [
  [400, 'REQUEST_INVALID', 'What came is not HTTP, its address has an invalid escape, or `Host` is missing.'],
  [404, 'ROUTE_UNKNOWN'],
  [405, 'METHOD_NOT_ALLOWED', 'The address exists and does not take the method; `Allow` says what it takes.'],
  [408, 'REQUEST_TIMEOUT', 'Headers did not arrive within 10 seconds, or the whole request not within 30.'],
  [417, 'REQUEST_INVALID', '`Expect` asks for something else than `100-continue`.'],
  [431, 'HEADERS_TOO_LARGE', 'Address and headers have more than 16 KiB together.'],
  [501, 'REQUEST_INVALID', `${ALONE} \`Transfer-Encoding\` is something else than \`chunked\`.`],
  [502, 'API_UNREACHABLE', `${ALONE} nothing answers at \`API_URL\`, or not in HTTP.`],
  [503, 'SERVICE_BUSY', `The service is ending. ${ALONE} it is ending, and the API had not begun to answer.`],
  [504, 'API_UNREACHABLE', `${ALONE} the API took no connection, or did not begin to answer, in time.`],
]

interface Route {
  readonly title: string
  readonly group: string
  readonly operation: Schema
}

/** docs/http.md: every route of the OpenAPI document, grouped by what it is about, and the bodies that they share. */
export function httpPage(openapi: Schema, prose: string): string {
  const routes = routesOf(openapi)
  const common = commonAnswers(routes)
  const groups = Object.entries(GROUPS).flatMap(([tag, heading]) => [
    `## ${heading}`,
    ...routes.filter(({ group }) => group === tag).flatMap((route) => routePart(route, common)),
  ])
  const overview = routes.map(({ title, operation }) => [
    `[${code(title)}](#${anchorOf(title)})`,
    text(operation['summary']),
  ])
  const named: Schema = { ...at(openapi, 'components', 'schemas'), ...SHARED }
  const sorted = Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1))
  const bodies = sorted.flatMap(([name, schema]) => (isSchema(schema) ? [`### ${name}`, bodyPart(schema, named)] : []))
  return page(
    '# The HTTP service',
    GENERATED,
    prose.trim(),
    '## Every route',
    table(['route', 'what it does'], overview),
    'Answers that every route may give, and that are not repeated below:',
    table(
      ['status', 'meaning'],
      [...common].map(([status, meaning]) => [status, meaning]),
    ),
    'What is answered before a route is reached, or in place of one:',
    table(
      ['status', 'code', 'when'],
      BESIDE_ROUTES.map(([status, name, when]) => [
        String(status),
        `[${code(name)}](errors/README.md#${anchorOf(name)})`,
        when ?? errorEntry(name)?.cause ?? '',
      ]),
    ),
    ...groups,
    '## Bodies',
    'The named bodies of requests and answers. Fields that are not marked as always there may be absent.',
    ...bodies,
  )
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

function at(schema: Schema, ...path: readonly string[]): Schema {
  let place: Schema = schema
  for (const step of path) {
    const below = place[step]
    place = isSchema(below) ? below : {}
  }
  return place
}

function routesOf(openapi: Schema): readonly Route[] {
  const routes = Object.entries(at(openapi, 'paths')).flatMap(([path, methods]) =>
    METHODS.flatMap((method): Route[] => {
      const operation = at(isSchema(methods) ? methods : {}, method)
      const [group] = listOf(operation['tags'])
      return operation['responses'] === undefined
        ? []
        : [{ title: `${method.toUpperCase()} ${path}`, group: text(group), operation }]
    }),
  )
  const unknown = routes.find(({ group }) => !Object.hasOwn(GROUPS, group))
  if (unknown !== undefined)
    throw new Error(`${unknown.title} has the tag "${unknown.group}", which has no group on the page`)
  const order = Object.keys(GROUPS)
  return [...routes].sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group))
}

/** The answers that all routes share, by status. */
function commonAnswers(routes: readonly Route[]): ReadonlyMap<string, string> {
  const [first] = routes
  const all = Object.keys(at(first?.operation ?? {}, 'responses'))
  const shared = all.filter(
    (status) => routes.every(({ operation }) => isSchema(at(operation, 'responses')[status])) && Number(status) >= 400,
  )
  return new Map(shared.map((status) => [status, text(at(first?.operation ?? {}, 'responses', status)['description'])]))
}

const link: Link = (reference) => {
  const name = reference.split('/').at(-1) ?? ''
  return `[${name}](#${anchorOf(name)})`
}

function routePart({ title, operation }: Route, common: ReadonlyMap<string, string>): readonly string[] {
  const parameters = listOf(operation['parameters']).filter(isSchema)
  const body = at(operation, 'requestBody', 'content')
  const answers = Object.entries(at(operation, 'responses')).filter(([status]) => !common.has(status))
  return [
    `### ${title}`,
    `${text(operation['summary'])}.${operation['description'] === undefined ? '' : ` ${text(operation['description'])}`}`,
    table(
      ['parameter', 'in', 'value', 'meaning'],
      parameters.map((one) => [
        code(text(one['name'])) + (one['required'] === true ? ' (required)' : ''),
        text(one['in']),
        typeInWords(at(one, 'schema'), link),
        text(one['description']),
      ]),
    ),
    Object.keys(body).length === 0 ? '' : `Body: ${contents(body)}.`,
    table(
      ['status', 'answer', 'meaning'],
      answers.map(([status, answer]) => {
        const { description, content, headers } = isSchema(answer) ? answer : {}
        const names = isSchema(headers) ? ` Headers: ${Object.keys(headers).map(code).join(', ')}.` : ''
        const meaning = description === 'Default Response' ? 'Done.' : `${text(description)}.`
        return [status, isSchema(content) ? contents(content) : '', `${meaning}${names}`]
      }),
    ),
  ]
}

/** "`application/json` [PlanView](#planview)", one per media type. */
const contents = (content: Schema): string =>
  Object.entries(content)
    .map(([media, one]) => {
      const words = typeInWords(at(isSchema(one) ? one : {}, 'schema'), link)
      return words === 'any value' ? code(media) : `${code(media)} ${words}`
    })
    .join(', ')

/** Shapes that several bodies hold, which have no name in the OpenAPI document. */
const SHARED: Readonly<Record<string, Schema>> = {
  Leftovers: Leftovers as unknown as Schema,
  LockView: LockView as unknown as Schema,
  Problem: Problem as unknown as Schema,
  RunError: RunError as unknown as Schema,
}
const SHARED_BY_FORM = new Map(
  Object.entries(SHARED).map(([name, { properties }]) => [JSON.stringify(properties), name] as const),
)

/** With links to shared shapes, and to the events of runs, which have a page of their own, instead of all their fields. */
function withLinks(schema: Schema): Schema {
  const { properties, description } = schema
  const shared = properties === undefined ? undefined : SHARED_BY_FORM.get(JSON.stringify(properties))
  if (shared !== undefined) return { $ref: shared, ...(description === undefined ? {} : { description }) }
  const alternatives = listOf(schema['anyOf']).filter(isSchema)
  const others = alternatives.filter((one) => !EVENT_TYPES.test(text(at(one, 'properties', 'type')['const'])))
  if (others.length < alternatives.length) return { anyOf: [...others, { $ref: EVENTS }] }
  return below(schema)
}

const below = (schema: Schema): Schema =>
  Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, isSchema(value) ? withLinks(value) : value]))

const EVENTS = 'events'
const linkToAll: Link = (reference) => (reference === EVENTS ? '[event](events.md)' : link(reference))

/** @param named The other bodies: a field that is one of them means what that means, unless it says more. */
function bodyPart(schema: Schema, named: Schema): string {
  const isShared = SHARED_BY_FORM.has(JSON.stringify(schema['properties']))
  const shown = isShared ? below(schema) : withLinks(schema)
  const rows = rowsOf(shown, linkToAll)
  const meant = ({ $ref }: Schema): string => text(at(named, text($ref).split('/').at(-1) ?? '')['description'])
  const description = text(schema['description'])
  const words = `${typeInWords(shown, linkToAll)}`
  return [
    description === '' ? '' : `${description}.`,
    rows.length === 0 ? `${words.charAt(0).toUpperCase()}${words.slice(1)}.` : '',
    table(
      ['field', 'value', 'always', 'meaning'],
      rows.map((row) => [code(row.path), row.type, row.isRequired ? 'yes' : '', row.description || meant(row.schema)]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
