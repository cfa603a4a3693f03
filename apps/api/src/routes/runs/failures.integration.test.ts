import type { RunList, RunStarted } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { database, serviceAt } from '../../runs/testing/service.ts'
import { allFrames, messagesOf, openStream, seqsOf } from '../../runs/testing/sse-client.ts'

describe('a run whose surroundings fail', () => {
  it('fails at once when its lock is lost, and everybody is told', async () => {
    const db = await database()
    const service = await serviceAt(db.uri)
    const address = await service.listen()
    const pause = service.steer.pauseAt('buildIndexes')
    const { run_id } = await service.start()
    const stream = await openStream(`${address}/api/runs/${run_id}/events`)
    await pause.reached
    await db.command({ update: 'stage0_lock', updates: [{ q: { _id: 'lock' }, u: { $inc: { token: 1 } } }] })
    pause.resume()
    const last = messagesOf(await allFrames(stream)).at(-1)
    expect(last).toMatchObject({ type: 'run.finished', status: 'failed', error: { code: 'LOCK_LOST' } })
    const { run, steps } = await service.ended(run_id)
    expect(run).toMatchObject({ status: 'failed', error: { code: 'LOCK_LOST' } })
    expect(steps.filter(({ status }) => status === 'pending' || status === 'running')).toEqual([])
  })

  it('fails when the database dies in the middle, and is still told by who did it', async () => {
    const db = await database()
    const service = await serviceAt(db.uri)
    const address = await service.listen()
    const pause = service.steer.pauseAt('buildIndexes')
    const { run_id } = await service.start()
    const stream = await openStream(`${address}/api/runs/${run_id}/events?after=0`)
    await pause.reached
    await db.close()
    pause.resume()
    const frames = await allFrames(stream)
    expect(messagesOf(frames).at(-1)).toMatchObject({ type: 'run.finished', status: 'failed' })
    // Nothing of it could be recorded any more: this process tells what it knows.
    const shown = await service.run(run_id)
    expect(shown.run.status).toBe('failed')
    expect(shown.last_seq).toBe(seqsOf(frames).at(-1))
    const again = await allFrames(await openStream(`${address}/api/runs/${run_id}/events?after=2`))
    expect(seqsOf(again)).toEqual(seqsOf(frames).filter((seq) => seq > 2))
  })

  it('shows as interrupted when its process is gone, with its history; a new process finishes its work', async () => {
    const db = await database()
    const dying = await serviceAt(db.uri)
    const pause = dying.steer.pauseAt('setValidator')
    const { run_id } = await dying.start()
    await pause.reached
    const restarted = await serviceAt(db.uri)
    const address = await restarted.listen()
    const url = `${address}/api/runs/${run_id}/events`
    // Who followed it before goes on with the new process, in the middle of the run.
    const stream = await openStream(url, { 'last-event-id': '2' })
    dying.steer.cutOff()
    pause.resume()
    const messages = messagesOf(await allFrames(stream))
    expect(messages[0]).toMatchObject({ type: 'snapshot', snapshot: { run: { status: 'running' }, last_seq: 2 } })
    expect(messages.at(-1)).toMatchObject({ type: 'snapshot', snapshot: { run: { status: 'interrupted' } } })
    const { run, steps, last_seq } = await restarted.run(run_id)
    expect(run).toMatchObject({ status: 'interrupted' })
    expect(steps.some(({ status }) => status === 'pending')).toBe(true)
    const seqs = messages.flatMap((one) => (one.type === 'snapshot' ? [] : [one.seq]))
    expect(seqs).toEqual(Array.from({ length: last_seq - 2 }, (_, i) => i + 3))
    const interrupted = (await restarted.inject('/api/runs?status=interrupted')).json<RunList>()
    expect(interrupted.items.map((one) => one.run_id)).toEqual([run_id])
    expect((await restarted.inject({ method: 'DELETE', url: `/api/runs/${run_id}` })).statusCode).toBe(409)

    const response = await restarted.inject({ method: 'POST', url: '/api/runs', payload: {} })
    const next = await restarted.ended(response.json<RunStarted>().run_id)
    expect(next.run).toMatchObject({ status: 'succeeded', resumes: run_id })
    expect((await restarted.run(run_id)).run.status).toBe('superseded')
  })

  it('does not hang in a defect: its listeners are told how it is recorded, the lock is free, the log says why', async () => {
    const service = await serviceAt((await database()).uri)
    const address = await service.listen()
    const pause = service.steer.pauseAt('createCollection')
    service.steer.throwAt('buildIndexes')
    const { run_id } = await service.start()
    const stream = await openStream(`${address}/api/runs/${run_id}/events`)
    await pause.reached
    pause.resume()
    const messages = messagesOf(await allFrames(stream))
    expect(messages.at(-1)).toMatchObject({ type: 'snapshot', snapshot: { run: { status: 'cancelled' } } })
    expect((await service.run(run_id)).run.status).toBe('cancelled')
    expect(service.logged.some((line) => line.includes('a defect of the test'))).toBe(true)
    const next = await service.inject({ method: 'POST', url: '/api/runs', payload: {} })
    expect((await service.ended(next.json<RunStarted>().run_id)).run.status).toBe('succeeded')
  })

  it('W-51: an unforeseen error that quotes the connection string is told by neither events, nor record, nor log', async () => {
    const db = await database()
    // The embedded server asks for no password, so any will do for what the service knows.
    const secret = db.uri.replace('mongodb://', 'mongodb://root:hu%23shed@')
    const service = await serviceAt(db.uri, { settings: { MONGO_CONNECTION_STRING: secret } })
    const address = await service.listen()
    const pause = service.steer.pauseAt('createCollection')
    service.steer.throwAt('buildIndexes', new Error(`lost ${secret}`, { cause: new Error('root used hu#shed') }))
    const { run_id } = await service.start()
    const stream = await openStream(`${address}/api/runs/${run_id}/events`)
    await pause.reached
    pause.resume()
    const events = JSON.stringify(messagesOf(await allFrames(stream)))
    const snapshot = JSON.stringify(await service.ended(run_id))
    const page = (await service.inject(`/api/runs/${run_id}/events`)).body
    for (const text of [events, snapshot, page, ...service.logged]) expect(text).not.toMatch(/hu(%23|#)shed/)
    expect(service.logged.some((line) => line.includes('lost ***'))).toBe(true)
  })

  it('a record that could not be read because of a defect can be followed by the next who asks', async () => {
    const db = await database()
    const [first, second] = [await serviceAt(db.uri), await serviceAt(db.uri)]
    const { run_id } = await first.start()
    await first.ended(run_id)
    second.steer.throwAt('readEvents')
    expect((await second.inject(`/api/runs/${run_id}/events`)).statusCode).toBe(500)
    expect((await second.inject(`/api/runs/${run_id}/events`)).statusCode).toBe(200)
  })

  it('tells observers of what was begun, done, ended and refused', async () => {
    const service = await serviceAt((await database()).uri)
    const told: string[] = []
    const stop = service.app.runs.observe({
      runStarted: ({ steps }) => told.push(`started ${steps}`),
      stepFinished: ({ kind, status }) => told.push(`${kind} ${status}`),
      runFinished: ({ status, errorCode }) => told.push(`finished ${status} ${errorCode ?? '-'}`),
      runRefused: ({ code }) => told.push(`refused ${code}`),
    })
    const scope = { collections: ['organization'], versions: { organization: '1.0.0.1' } }
    await service.ended((await service.start({ scope })).run_id)
    expect(told).toEqual([
      'started 4',
      'recordEnumerators succeeded',
      'createCollection succeeded',
      'buildIndexes succeeded',
      'recordVersion succeeded',
      'finished succeeded -',
    ])
    await service.inject({ method: 'POST', url: '/api/runs', payload: { plan_hash: 'c'.repeat(64) } })
    expect(told.at(-1)).toBe('refused PLAN_STALE')
    stop()
    await service.ended((await service.start({ scope })).run_id)
    expect(told.at(-1)).toBe('refused PLAN_STALE')
  })

  it('ends in order when the service ends while it is being planned: its lock is free, its record tells', async () => {
    const db = await database()
    const service = await serviceAt(db.uri)
    const pause = service.steer.pauseAt('observe')
    const starting = service.inject({ method: 'POST', url: '/api/runs', payload: {} })
    await pause.reached
    const closed = service.app.close()
    pause.resume()
    await closed
    // As the service does it when it ends.
    await service.deps.target.close()
    const { run_id } = (await starting).json<RunStarted>()
    const next = await serviceAt(db.uri)
    expect((await next.run(run_id)).run.status).toBe('cancelled')
    expect((await next.inject('/api/runs')).json<RunList>().lock).toBeUndefined()
  })

  it('is not begun when the service is ending', async () => {
    const service = await serviceAt((await database()).uri)
    await service.app.close()
    await expect(service.app.runs.begin({ scope: {}, command: 'test' })).rejects.toMatchObject({ code: 'SERVICE_BUSY' })
  })
})
