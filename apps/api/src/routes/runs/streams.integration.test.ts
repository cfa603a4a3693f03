import { reduceRun } from '@stage0/core'
import type { ProblemDetails, RunList, RunSnapshot } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { database, serviceAt } from '../../runs/testing/service.ts'
import { allFrames, messagesOf, openStream, seqsOf, type Frame } from '../../runs/testing/sse-client.ts'

const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i)

/** The state that a client ends with. */
function stateOf(frames: readonly Frame[]): RunSnapshot | undefined {
  let state: RunSnapshot | undefined
  for (const message of messagesOf(frames)) {
    if (message.type === 'snapshot') state = message.snapshot
    else if (state !== undefined) state = reduceRun(state, message)
  }
  return state
}

/** Reads so many frames and goes away. */
async function readSome(stream: Awaited<ReturnType<typeof openStream>>, count: number): Promise<Frame[]> {
  const frames: Frame[] = []
  while (frames.length < count) {
    const next = await stream.frames.next()
    if (next.done === true) break
    frames.push(next.value)
  }
  stream.close()
  return frames
}

describe('GET /api/runs/{id}/events', () => {
  it('streams a run while it happens: a snapshot with every planned step, then each event, then the end', async () => {
    const service = await serviceAt((await database()).uri)
    const address = await service.listen()
    const pause = service.steer.pauseAt('buildIndexes')
    const { run_id, steps } = await service.start()
    const stream = await openStream(`${address}/api/runs/${run_id}/events?after=0`)
    expect(stream.status).toBe(200)
    expect(stream.headers.get('content-type')).toBe('text/event-stream')
    expect(stream.headers.get('x-accel-buffering')).toBe('no')
    expect(stream.headers.get('cache-control')).toBe('no-cache, no-transform')
    expect(stream.headers.get('content-encoding')).toBeNull()
    await pause.reached
    const first = (await stream.frames.next()).value
    expect(first?.id).toBeUndefined()
    expect(first?.message).toMatchObject({
      type: 'snapshot',
      snapshot: { last_seq: 0, run: { status: 'running', steps } },
    })
    pause.resume()
    const rest = await allFrames(stream)
    const seqs = seqsOf(rest)
    expect(seqs).toEqual(from(1, seqs.length))
    expect(rest.map(({ id }) => Number(id))).toEqual(seqs)
    expect(messagesOf(rest).at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded' })
    const recorded = await service.ended(run_id)
    expect(stateOf([first as Frame, ...rest])?.steps.map(({ id, status }) => [id, status])).toEqual(
      recorded.steps.map(({ id, status }) => [id, status]),
    )
  })

  it('goes on behind the last event that a client knows, by header or by address, and says when there is no more', async () => {
    const service = await serviceAt((await database()).uri)
    const address = await service.listen()
    const { run_id } = await service.start()
    const { last_seq } = await service.ended(run_id)
    const url = `${address}/api/runs/${run_id}/events`
    const started = await readSome(await openStream(`${url}?after=0`), 6)
    expect(seqsOf(started)).toEqual(from(1, 5))
    for (const [query, headers] of [
      ['', { 'last-event-id': '5' }],
      ['?after=5', {}],
      // The browser keeps the address that it began with: what it says in the header is newer.
      ['?after=2', { 'last-event-id': '5' }],
    ] as const) {
      const resumed = await allFrames(await openStream(`${url}${query}`, headers))
      expect(messagesOf(resumed)[0]).toMatchObject({ type: 'snapshot', snapshot: { last_seq: 5 } })
      expect(seqsOf(resumed)).toEqual(from(6, last_seq))
      expect(stateOf(resumed)?.run.status).toBe('succeeded')
    }
    expect((await openStream(url, { 'last-event-id': String(last_seq) })).status).toBe(204)
    const fresh = await allFrames(await openStream(url, { 'last-event-id': 'nonsense' }))
    expect(messagesOf(fresh)).toMatchObject([{ type: 'snapshot', snapshot: { last_seq } }])
  })

  it('gives a page as JSON to who does not ask for a stream', async () => {
    const service = await serviceAt((await database()).uri)
    const { run_id } = await service.start()
    const { last_seq } = await service.ended(run_id)
    const pageAt = async (query: string) => (await service.inject(`/api/runs/${run_id}/events${query}`)).json()
    expect(await pageAt('?limit=2')).toMatchObject({ events: [{ seq: 1 }, { seq: 2 }], last_seq: 2, finished: false })
    const rest = await pageAt('?after=2')
    expect(rest.events.map(({ seq }: { seq: number }) => seq)).toEqual(from(3, last_seq))
    expect(rest).toMatchObject({ last_seq, finished: true })
    expect(await pageAt(`?after=${last_seq + 7}`)).toEqual({ events: [], last_seq, finished: true })
    expect((await service.inject(`/api/runs/${run_id}/events?after=-1`)).statusCode).toBe(400)
  })

  it('C-13: a client that goes away does not stop the run; its outcome and every event are there later', async () => {
    const service = await serviceAt((await database()).uri)
    const address = await service.listen()
    const pause = service.steer.pauseAt('buildIndexes')
    const leaving = new AbortController()
    const waiting = fetch(`${address}/api/configurations`, { method: 'POST', signal: leaving.signal })
    await pause.reached
    const [listed] = (await service.inject('/api/runs')).json<RunList>().items
    const run_id = listed?.run_id ?? ''
    const stream = await openStream(`${address}/api/runs/${run_id}/events`)
    await readSome(stream, 1)
    leaving.abort()
    await expect(waiting).rejects.toThrow(/abort/)
    pause.resume()
    expect((await service.ended(run_id)).run.status).toBe('succeeded')
    const frames = await allFrames(await openStream(`${address}/api/runs/${run_id}/events?after=0`))
    expect(messagesOf(frames).at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded' })
  })

  it('gives every event of one run to each of 200 listeners, over as many connections', async () => {
    const service = await serviceAt((await database()).uri)
    const address = await service.listen()
    const pause = service.steer.pauseAt('createCollection')
    const { run_id } = await service.start()
    await pause.reached
    const url = `${address}/api/runs/${run_id}/events?after=0`
    const streams = await Promise.all(Array.from({ length: 200 }, () => openStream(url)))
    pause.resume()
    const received = await Promise.all(streams.map(allFrames))
    const { last_seq } = await service.ended(run_id)
    for (const frames of received) expect(seqsOf(frames)).toEqual(from(1, last_seq))
  })

  it('refuses more connections than one client may hold, and takes a new one when another was given up', async () => {
    const service = await serviceAt((await database()).uri)
    const address = await service.listen()
    const pause = service.steer.pauseAt('createCollection')
    const { run_id } = await service.start()
    await pause.reached
    const url = `${address}/api/runs/${run_id}/events`
    const streams = await Promise.all(Array.from({ length: 256 }, () => openStream(url)))
    expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]))
    const refused = await fetch(url, { headers: { accept: 'text/event-stream' } })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
    expect(((await refused.json()) as ProblemDetails).code).toBe('TOO_MANY_REQUESTS')
    // A page costs no connection.
    expect((await service.inject(`/api/runs/${run_id}/events`)).statusCode).toBe(200)
    streams[0]?.close()
    await expect.poll(async () => (await openStream(url)).status, { timeout: 20_000 }).toBe(200)
    pause.resume()
    await service.ended(run_id)
  })

  it('follows a run of another process as it is recorded, to its end', async () => {
    const db = await database()
    const [doing, showing] = [await serviceAt(db.uri), await serviceAt(db.uri)]
    const address = await showing.listen()
    const pause = doing.steer.pauseAt('setValidator')
    const { run_id } = await doing.start()
    await pause.reached
    const url = `${address}/api/runs/${run_id}/events`
    const streams = await Promise.all([openStream(`${url}?after=0`), openStream(url), openStream(`${url}?after=3`)])
    pause.resume()
    const received = await Promise.all(streams.map(allFrames))
    const { last_seq } = await doing.ended(run_id)
    expect(seqsOf(received[0] ?? [])).toEqual(from(1, last_seq))
    expect(seqsOf(received[2] ?? [])).toEqual(from(4, last_seq))
    for (const frames of received) {
      const state = stateOf(frames)
      expect(state).toMatchObject({ last_seq, run: { status: 'succeeded' } })
      const first = messagesOf(frames)[0]
      const begins = first?.type === 'snapshot' ? first.snapshot.last_seq + 1 : NaN
      expect(seqsOf(frames)).toEqual(from(begins, last_seq))
    }
  })

  it('ends streams in order with the service, and its run after the step that is under way', async () => {
    const db = await database()
    const service = await serviceAt(db.uri)
    const address = await service.listen()
    const pause = service.steer.pauseAt('buildIndexes')
    const { run_id } = await service.start()
    const stream = await openStream(`${address}/api/runs/${run_id}/events`)
    await stream.frames.next()
    await pause.reached
    const closing = service.app.close()
    const frames = await allFrames(stream)
    expect(frames.at(-1)).toMatchObject({ retry: '1000', message: undefined })
    pause.resume()
    await closing
    const next = await serviceAt(db.uri)
    const { run, steps } = await next.run(run_id)
    expect(run.status).toBe('cancelled')
    expect(steps.find(({ kind }) => kind === 'buildIndexes')?.status).toBe('succeeded')
  })
})
