import type { RunEvent, RunSnapshot } from '@stage0/types'

/** What a run tells as it goes: the state after an event, or the next event. */
export type RunNews =
  | { readonly seq: number; readonly isState: true; readonly snapshot: RunSnapshot }
  | { readonly seq: number; readonly isState: false; readonly event: RunEvent }

type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string'
const flag: Check = (value) => typeof value === 'boolean'
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value)
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const position: Check = (value) => whole(value) && value !== 0
const listOf =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(item)
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const numbers: Check = (value) => isRecord(value) && Object.values(value).every(number)

/** Fields that a message has, and those that it may have; more may come from a later service. */
const shape =
  (needed: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  (value) =>
    isRecord(value) &&
    Object.entries(needed).every(([key, check]) => Object.hasOwn(value, key) && check(value[key])) &&
    Object.entries(optional).every(([key, check]) => value[key] === undefined || check(value[key]))

const error = shape({ code: text, message: text }, { hint: text, file: text, pointer: text })
const problem = shape({ code: text, message: text, severity: text })
const leftovers = shape({ count: position, samples: listOf(shape({ id: text }, { why: text })) })
const rates = { rate_per_s: number, remaining_s: number }
const numbered = { seq: position, run_id: text, at: text }
const ofStep = { ...numbered, step_id: text, kind: text, name: text }
const mayHave = { collection: text, version: text }

const EVENTS: Readonly<Record<RunEvent['type'], Check>> = {
  'run.started': shape({ ...numbered, plan_hash: text, steps: whole }, { warnings: listOf(problem), resumes: text }),
  'step.started': shape(ofStep, mayHave),
  'step.progress': shape({ ...ofStep, done: number, unit: text }, { ...mayHave, ...rates, total: number }),
  'step.finished': shape(
    { ...ofStep, status: text, duration_ms: number },
    { ...mayHave, detail: text, leftovers, error },
  ),
  'run.paused': shape({ ...numbered, paused: flag }),
  'run.contact': shape({ ...numbered, answers: flag, lease_left_ms: whole }),
  'run.finished': shape({ ...numbered, status: text, duration_ms: number, counts: numbers }, { error }),
}

const snapshotShape = shape({
  last_seq: whole,
  warnings: listOf(problem),
  run: shape(
    {
      run_id: text,
      status: text,
      started_at: text,
      user: text,
      host: text,
      command: text,
      plan_hash: text,
      collections: listOf(text),
      steps: whole,
      counts: numbers,
      cancel_requested: flag,
    },
    {
      finished_at: text,
      duration_ms: number,
      pause_requested: flag,
      paused: flag,
      unanswered_until: text,
      resumes: text,
      error,
    },
  ),
  steps: listOf(
    shape(
      { id: text, kind: text, name: text, status: text },
      {
        ...mayHave,
        started_at: text,
        duration_ms: number,
        done: number,
        total: number,
        unit: text,
        ...rates,
        detail: text,
        leftovers,
        error,
        seq: position,
      },
    ),
  ),
})

/** Whether a value is an event of a run as this console understands it. */
export function isRunEvent(value: unknown): value is RunEvent {
  if (!isRecord(value) || typeof value['type'] !== 'string' || !Object.hasOwn(EVENTS, value['type'])) return false
  return EVENTS[value['type'] as RunEvent['type']](value)
}

export const isRunSnapshot = (value: unknown): value is RunSnapshot => snapshotShape(value)

export const newsOfEvent = (event: RunEvent): RunNews => ({ seq: event.seq, isState: false, event })
export const newsOfSnapshot = (snapshot: RunSnapshot): RunNews => ({
  seq: snapshot.last_seq,
  isState: true,
  snapshot,
})

/** Reads one message of the stream; `undefined` for what is none, so that nothing unchecked gets into a page. */
export function parseRunNews(data: string): RunNews | undefined {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    return undefined
  }
  if (isRunEvent(value)) return newsOfEvent(value)
  return isRecord(value) && value['type'] === 'snapshot' && isRunSnapshot(value['snapshot'])
    ? newsOfSnapshot(value['snapshot'])
    : undefined
}

/** Whether a run says no more after this. */
export const isLastNews = (news: RunNews): boolean =>
  news.isState ? news.snapshot.run.status !== 'running' : news.event.type === 'run.finished'
