import { RunEvent } from '@stage0/types'
import { GENERATED } from './generated.ts'
import { block, code, page, table } from './markdown.ts'
import { isSchema, rowsOf, type Schema } from './schema-rows.ts'

type EventType = RunEvent['type']
type EventOf<T extends EventType> = Extract<RunEvent, { readonly type: T }>

const BASE = { run_id: '0f3c52f6-7a21-4f5e-9d0e-2b1c8f6a4d11', at: '2026-05-04T09:30:00.000Z' } as const
const STEP = {
  step_id: 'user/1.1.0.2/migrate/migrations/user_display_name.json',
  kind: 'migrate',
  collection: 'user',
  version: '1.1.0.2',
  name: 'migrate with migrations/user_display_name.json',
} as const

/** When each event is sent, with an example. */
export const EVENTS: { readonly [T in EventType]: { readonly when: string; readonly example: EventOf<T> } } = {
  'run.started': {
    when: 'First in every run, when the lock is held and the plan is recorded.',
    example: {
      ...BASE,
      seq: 1,
      type: 'run.started',
      plan_hash: 'b1946ac92492d2347c6235b4d2611184'.repeat(2),
      steps: 9,
    },
  },
  'step.started': {
    when: 'When a step begins. The steps of a collection follow each other in the order of the plan.',
    example: { ...BASE, seq: 6, ...STEP, type: 'step.started' },
  },
  'step.progress': {
    when: 'Now and then while a step works on many documents. `total` is missing where nobody has counted them; rate and rest are missing until they can be told.',
    example: {
      ...BASE,
      seq: 7,
      ...STEP,
      type: 'step.progress',
      done: 12_000,
      total: 48_000,
      unit: 'documents',
      rate_per_s: 4000,
      remaining_s: 9,
    },
  },
  'step.finished': {
    when: 'When a step has ended, once per step of the plan, also for those that are skipped because an earlier one of their collection failed, or that were cancelled.',
    example: {
      ...BASE,
      seq: 8,
      ...STEP,
      type: 'step.finished',
      status: 'succeeded',
      duration_ms: 11_840,
      detail: '48,000 documents changed',
    },
  },
  'run.paused': {
    when: 'When the run begins to wait because somebody paused it, and when it goes on.',
    example: { ...BASE, seq: 9, type: 'run.paused', paused: true },
  },
  'run.contact': {
    when: 'When the database stops answering, and when it answers again. The run waits meanwhile, at most until its lease ends.',
    example: { ...BASE, seq: 10, type: 'run.contact', answers: false, lease_left_ms: 21_300 },
  },
  'run.finished': {
    when: 'Last in every run that could record its end. Where no `run.started` is before it, nothing was begun, and `error` says why. A run without it is shown as interrupted once its lease has ended.',
    example: {
      ...BASE,
      seq: 24,
      type: 'run.finished',
      status: 'succeeded',
      duration_ms: 15_020,
      counts: { succeeded: 8, already: 1 },
    },
  },
}

const INTRODUCTION = `A run tells what it does as numbered events. They are recorded in the database with the run, so that what one process does is seen by all: \`stage0 history\` and the
console are made of them, and [GET /api/runs/{id}/events](http.md#get-apirunsidevents) sends them, as a stream or a page of JSON.

- \`seq\` counts from 1 without gaps. Whoever knows the last number misses nothing and gets nothing twice.
- A stream begins with a message \`snapshot\`, which is no event of the run: the run as it stands, with the number of the last event in it. The events after it follow.
- Fields that are not marked as always there are absent, not null, where they say nothing.
- New fields and new types of events may come; a reader passes over what it does not know.`

const SHARED = ['seq', 'run_id', 'at', 'type']
const OF_STEPS = ['step_id', 'kind', 'collection', 'version', 'name']

/** docs/events.md: every event of a run with its fields, when it is sent, and an example. */
export function eventsPage(): string {
  const schemas = (RunEvent.anyOf as unknown as readonly Schema[]).map((schema) => [typeOf(schema), schema] as const)
  const overview = schemas.map(([type]) => [`[${code(type)}](#${type.replace('.', '')})`, EVENTS[type].when])
  const described = Object.fromEntries(schemas)
  const shared = fields(described['run.started'] ?? {}, (path) => SHARED.includes(path) && path !== 'type')
  const ofSteps = fields(described['step.started'] ?? {}, (path) => OF_STEPS.includes(path))
  const sections = schemas.map(([type, schema]) =>
    [
      `## ${type}`,
      EVENTS[type].when,
      fields(schema, (path) => !SHARED.includes(path) && !(type.startsWith('step.') && OF_STEPS.includes(path))),
      block('json', JSON.stringify(EVENTS[type].example, null, 2)),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  )
  return page(
    '# Events of a run',
    GENERATED,
    INTRODUCTION,
    table(['event', 'when'], overview),
    '## In every event',
    'Besides `type`, which is the name of the event:',
    shared,
    '## In every event of a step',
    ofSteps,
    ...sections,
  )
}

function typeOf({ properties }: Schema): EventType {
  const type = isSchema(properties) && isSchema(properties['type']) ? properties['type']['const'] : undefined
  if (typeof type !== 'string' || !Object.hasOwn(EVENTS, type))
    throw new Error(`an event without a known type: ${String(type)}`)
  return type as EventType
}

function fields(schema: Schema, isMeant: (path: string) => boolean): string {
  const rows = rowsOf(schema, code).filter(({ path }) => isMeant(path))
  return table(
    ['field', 'value', 'always', 'meaning'],
    rows.map(({ path, type, isRequired, description }) => [code(path), type, isRequired ? 'yes' : '', description]),
  )
}
