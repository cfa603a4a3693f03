import fc from 'fast-check'
import type { RunState, RunSummary } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { endedToast, startedToast } from './run-toasts.ts'
import { endKind, mayHaveMissed, NOTHING_SEEN, watchRuns, type WatchState } from './run-watch.ts'
import { aRun, aStep, at } from './testing/runs.ts'

const run = (index: number, status: RunState = 'running'): RunSummary =>
  aRun({ run_id: `r${String(index)}`, started_at: at(index), status })
const t = (key: string): string => key

/** What is told of a series of looks at the history. */
function told(...looks: readonly (readonly RunSummary[])[]): string[] {
  let state: WatchState = NOTHING_SEEN
  return looks.flatMap((items) => {
    const seen = watchRuns(state, items)
    state = seen.state
    return seen.notices.map(({ kind, run: of }) => `${of.run_id} ${kind} ${of.status}`)
  })
}

describe('watching runs', () => {
  it('what was there before is no news; a run at work then is told of when it ends', () => {
    expect(told([run(2), run(1, 'failed')], [run(2, 'succeeded'), run(1, 'failed')])).toEqual(['r2 ended succeeded'])
  })

  it('a run is told of once when it begins and once when it ends', () => {
    expect(told([], [run(1)], [run(1)], [run(1, 'failed')], [run(1, 'failed')])).toEqual([
      'r1 started running',
      'r1 ended failed',
    ])
  })

  it('a run that began and ended between two looks is told of by its end', () => {
    expect(told([], [run(1, 'succeeded')], [run(1, 'succeeded')])).toEqual(['r1 ended succeeded'])
  })

  it('runs are told of in the order in which they began', () => {
    expect(told([run(1)], [run(3), run(2, 'failed'), run(1, 'cancelled')])).toEqual([
      'r1 ended cancelled',
      'r2 ended failed',
      'r3 started running',
    ])
  })

  it('an interrupted run that another one finished is not told of again', () => {
    expect(told([], [run(1)], [run(1, 'interrupted')], [run(1, 'superseded')])).toEqual([
      'r1 started running',
      'r1 ended interrupted',
    ])
  })

  it('more of the history is wanted where only new runs are listed', () => {
    const { state } = watchRuns(NOTHING_SEEN, [run(1, 'succeeded')])
    expect(mayHaveMissed(NOTHING_SEEN, [run(1)])).toBe(false)
    expect(mayHaveMissed(state, [run(1, 'succeeded')])).toBe(false)
    expect(mayHaveMissed(state, [run(3)])).toBe(true)
    expect(mayHaveMissed(state, [])).toBe(false)
  })

  it('however often one looks, nothing is told twice', () => {
    const looks = fc.array(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom<RunState>('running', 'succeeded', 'failed'))),
    )
    fc.assert(
      fc.property(looks, (series) => {
        // A run that has ended stays as it ended.
        const ended = new Map<number, RunState>()
        const pages = series.map((page) =>
          [...new Map(page)]
            .toSorted(([one], [other]) => other - one)
            .map(([index, status]) => {
              const shown = ended.get(index) ?? status
              if (shown !== 'running') ended.set(index, shown)
              return run(index, shown)
            }),
        )
        const all = told(...pages)
        expect(new Set(all).size).toBe(all.length)
      }),
    )
  })

  it.each([
    ['succeeded', 'success', undefined],
    ['succeeded_with_leftovers', 'warning', true],
    ['failed', 'error', true],
    ['interrupted', 'error', true],
    ['cancelled', 'info', undefined],
    ['constructor', 'info', undefined],
  ] as const)('C-01 C-02 the end of a run that is %s is told as %s', (status, kind, sticky) => {
    const toast = endedToast(t, run(1, status as RunState), undefined)
    expect(toast.kind).toBe(kind)
    expect(toast.sticky).toBe(sticky)
    expect(toast.text).toBe(`runs.toast.${endKind(status as RunState)}`)
  })

  it('a failure leads to the step that failed, and says what went wrong', () => {
    const step = aStep('user/1.0.0.1/migrate', { status: 'failed', error: { code: 'DUPLICATE_KEY', message: 'twice' } })
    expect(endedToast(t, run(1, 'failed'), step)).toMatchObject({
      detail: 'twice',
      action: { label: 'runs.toast.openStep', to: '/runs/r1?event=user%2F1.0.0.1%2Fmigrate' },
    })
    expect(endedToast(t, run(1, 'failed'), undefined).action).toEqual({ label: 'runs.toast.open', to: '/runs/r1' })
  })

  it('the end takes the place of the beginning; who looks at the run is not sent there', () => {
    expect(startedToast(t, run(1), false)).toMatchObject({ key: 'run r1', action: { to: '/runs/r1' } })
    expect(startedToast(t, run(1), true)).not.toHaveProperty('action')
    expect(endedToast(t, run(1, 'succeeded'), undefined).key).toBe('run r1')
  })
})
