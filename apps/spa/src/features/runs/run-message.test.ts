import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLastNews, newsOfEvent, newsOfSnapshot, parseRunNews } from './run-message.ts'
import { aRun, aSnapshot, finished, paused, progressed, runFinished, started } from './testing/runs.ts'

const EVENTS = [
  started(1, 'user/a'),
  progressed(2, 'user/a', 10),
  progressed(3, 'user/a', 20, 40),
  finished(4, 'user/a'),
  finished(5, 'user/a', { status: 'failed', error: { code: 'DUPLICATE_KEY', message: 'twice', detail: { a: 1 } } }),
  runFinished(6),
  progressed(7, 'user/a', 20, 40, { rate_per_s: 10, remaining_s: 2 }),
  paused(8, true),
  finished(9, 'user/a', { leftovers: { count: 2, samples: [{ id: '7', why: 'email: is missing' }, { id: '8' }] } }),
]

describe('messages of a stream', () => {
  it.each(EVENTS.map((event) => [event.seq, event]))('event %i is read as it was sent', (seq, event) => {
    expect(parseRunNews(JSON.stringify(event))).toEqual({ seq, isState: false, event })
  })

  it('a snapshot is the state after its last event', () => {
    const snapshot = aSnapshot({ last_seq: 7 })
    expect(parseRunNews(JSON.stringify({ type: 'snapshot', snapshot }))).toEqual({ seq: 7, isState: true, snapshot })
  })

  it('a message without one of the fields it must have is none', () => {
    for (const event of EVENTS) {
      for (const field of Object.keys(event)) {
        if (
          ['collection', 'version', 'total', 'rate_per_s', 'remaining_s', 'detail', 'leftovers', 'error'].includes(
            field,
          )
        )
          continue
        const { [field as keyof typeof event]: _left, ...rest } = event
        expect(parseRunNews(JSON.stringify(rest)), `${event.type} without ${field}`).toBeUndefined()
      }
    }
  })

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a type of no event', JSON.stringify({ ...EVENTS[0], type: 'constructor' })],
    ['a number that is none', JSON.stringify({ ...EVENTS[0], seq: '1' })],
    ['a position before the first', JSON.stringify({ ...EVENTS[0], seq: 0 })],
    ['a pause that is none', JSON.stringify({ ...EVENTS[7], paused: 'yes' })],
    ['leftovers without samples', JSON.stringify({ ...EVENTS[8], leftovers: { count: 2 } })],
    ['an error without a code', JSON.stringify({ ...EVENTS[3], error: { message: 'x' } })],
    [
      'a snapshot with a step without a name',
      JSON.stringify({
        type: 'snapshot',
        snapshot: { ...aSnapshot(), steps: [{ id: 'a', kind: 'migrate', status: 'pending' }] },
      }),
    ],
    ['a snapshot without a run', JSON.stringify({ type: 'snapshot', snapshot: { ...aSnapshot(), run: null } })],
  ])('%s is left out', (_what, data) => {
    expect(parseRunNews(data)).toBeUndefined()
  })

  it('any text and any JSON is read or left out, never thrown about', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), fc.constantFrom(...EVENTS.map((event) => JSON.stringify(event)))),
        (data) => {
          const news = parseRunNews(data)
          expect(news === undefined || news.seq >= 0).toBe(true)
        },
      ),
    )
  })

  it('fields of a later service do no harm', () => {
    expect(parseRunNews(JSON.stringify({ ...EVENTS[0], colour: 'red' }))).toBeDefined()
  })

  it('a run says no more after its end, whether an event tells it or a state', () => {
    expect(isLastNews(newsOfEvent(runFinished(9)))).toBe(true)
    expect(isLastNews(newsOfEvent(finished(8, 'user/a')))).toBe(false)
    expect(isLastNews(newsOfSnapshot(aSnapshot()))).toBe(false)
    expect(isLastNews(newsOfSnapshot(aSnapshot({ run: aRun({ status: 'interrupted' }) })))).toBe(true)
  })
})
