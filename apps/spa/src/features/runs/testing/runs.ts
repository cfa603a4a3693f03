import type { RunEvent, RunSnapshot, RunStepView, RunSummary } from '@stage0/types'
import type { EventSourceLike } from '@stage0/vue-kit'

const START = Date.parse('2026-03-01T10:00:00.000Z')
export const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString()

export const aRun = (of: Partial<RunSummary> = {}): RunSummary => ({
  run_id: 'r1',
  status: 'running',
  started_at: at(0),
  user: 'ann',
  host: 'desk',
  command: 'POST /api/runs',
  plan_hash: 'a'.repeat(64),
  collections: ['organization', 'user'],
  steps: 3,
  counts: {},
  cancel_requested: false,
  ...of,
})

export const aStep = (id: string, of: Partial<RunStepView> = {}): RunStepView => ({
  id,
  kind: 'buildIndexes',
  collection: id.split('/')[0] ?? '',
  version: '1.0.0.1',
  name: `build ${id}`,
  status: 'pending',
  ...of,
})

/** A run of three steps in two collections, before its first event. */
export const aSnapshot = (of: Partial<RunSnapshot> = {}): RunSnapshot => ({
  run: aRun(),
  steps: [aStep('organization/a'), aStep('organization/b'), aStep('user/a')],
  warnings: [],
  last_seq: 0,
  ...of,
})

type Told<Type extends RunEvent['type']> = Partial<Extract<RunEvent, { type: Type }>>
const told = (seq: number) => ({ seq, run_id: 'r1', at: at(seq) })
const ofStep = (id: string) => {
  const { kind, collection = '', version = '', name } = aStep(id)
  return { step_id: id, kind, collection, version, name }
}
export const started = (seq: number, id: string): RunEvent => ({ ...told(seq), ...ofStep(id), type: 'step.started' })
export const progressed = (
  seq: number,
  id: string,
  done: number,
  total?: number,
  of: Told<'step.progress'> = {},
): RunEvent => ({
  ...told(seq),
  ...ofStep(id),
  type: 'step.progress',
  done,
  unit: 'documents',
  ...(total === undefined ? {} : { total }),
  ...of,
})
export const contact = (seq: number, answers: boolean, lease_left_ms: number): RunEvent => ({
  ...told(seq),
  type: 'run.contact',
  answers,
  lease_left_ms,
})
export const paused = (seq: number, isPaused: boolean): RunEvent => ({
  ...told(seq),
  type: 'run.paused',
  paused: isPaused,
})
export const finished = (seq: number, id: string, of: Told<'step.finished'> = {}): RunEvent => ({
  ...told(seq),
  ...ofStep(id),
  type: 'step.finished',
  status: 'succeeded',
  duration_ms: 40,
  ...of,
})
export const runFinished = (seq: number, of: Told<'run.finished'> = {}): RunEvent => ({
  ...told(seq),
  type: 'run.finished',
  status: 'succeeded',
  duration_ms: 900,
  counts: { succeeded: 3 },
  ...of,
})

/** The browser's `EventSource`, by hand; all that were opened are kept, the last one last. */
export class FakeSource implements EventSourceLike {
  static readonly opened: FakeSource[] = []
  readyState = 0
  readonly url: string
  readonly #listeners = new Map<string, (event: MessageEvent<string>) => void>()
  constructor(url: string) {
    this.url = url
    FakeSource.opened.push(this)
  }
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(type, listener)
  }
  close(): void {
    this.readyState = 2
  }
  connect(): void {
    this.readyState = 1
    this.#listeners.get('open')?.(new MessageEvent('open'))
  }
  tell(...messages: readonly unknown[]): void {
    for (const message of messages)
      this.#listeners.get('message')?.(new MessageEvent('message', { data: JSON.stringify(message) }))
  }
  break(): void {
    this.#listeners.get('error')?.(new MessageEvent('error'))
  }
}
