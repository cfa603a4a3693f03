// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { AppError } from './app-error.ts'
import { createFetch } from './kit-fetch.ts'
import { problemOf } from './parse-problem.ts'
import { toAppError, unwrap } from './unwrap.ts'
import { reportReachable, useOnline } from './use-online.ts'

const answer = (status: number, headers: Record<string, string> = {}) => new Response('{}', { status, headers })
const caught = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(AppError)
  return error as AppError
}

describe('a failed answer', () => {
  it('tells what the problem details say', () => {
    const body = {
      title: 'Changed',
      detail: 'by anna',
      code: 'FILE_CHANGED',
      fix: 'Compare.',
      errors: [{ pointer: '/a', text: 'wrong' }, { pointer: 7 }, null],
      problems: [{ code: 'X' }],
      holder: { by: 'anna' },
    }
    const error = problemOf(body, answer(412, { 'x-correlation-id': 'r1' }))
    expect(error).toMatchObject({
      kind: 'problem',
      code: 'FILE_CHANGED',
      status: 412,
      title: 'Changed',
      detail: 'by anna',
      fix: 'Compare.',
      fields: [{ pointer: '/a', text: 'wrong' }],
      problems: [{ code: 'X' }],
      holder: { by: 'anna' },
      requestId: 'r1',
      retryable: false,
      message: 'by anna',
    })
  })

  it.each([undefined, 'a page of a proxy', null, [1], { title: 7 }])('says its status where the body is %j', (body) => {
    expect(problemOf(body, answer(502))).toMatchObject({ code: 'HTTP_502', status: 502, retryable: true, fields: [] })
  })

  it.each([
    [409, false],
    [429, true],
    [500, false],
    [503, true],
  ])('of status %i can be tried again: %s', (status, retryable) => {
    expect(problemOf({}, answer(status)).retryable).toBe(retryable)
  })
})

describe('unwrap', () => {
  it('gives the data of a good answer', async () => {
    expect(await unwrap(Promise.resolve({ data: { a: 1 }, response: answer(200) }))).toEqual({ a: 1 })
  })
  it('throws the problem of a failed one', async () => {
    const error = await caught(unwrap(Promise.resolve({ error: { code: 'X', title: 'No' }, response: answer(404) })))
    expect(error).toMatchObject({ code: 'X', status: 404 })
  })
  it('throws what the request threw, as an AppError', async () => {
    const error = await caught(unwrap(Promise.reject(new TypeError('odd'))))
    expect(error).toMatchObject({ code: 'UNEXPECTED', detail: 'odd' })
  })
  it('leaves an AppError as it is', () => {
    const error = new AppError({ kind: 'offline', code: 'OFFLINE', status: 0, title: 'x' })
    expect(toAppError(error)).toBe(error)
  })
})

describe('the fetch of the kit', () => {
  const request = (signal?: AbortSignal) =>
    new Request('http://localhost/api/x', signal === undefined ? {} : { signal })
  const never = (asked: Request) =>
    new Promise<Response>((_resolve, reject) => {
      asked.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    })

  it('sends an id that leads to the log', async () => {
    const seen: (string | null)[] = []
    const fetch = createFetch({
      newId: () => 'id-1',
      fetch: (asked) => {
        seen.push((asked as Request).headers.get('x-correlation-id'))
        return Promise.resolve(answer(200))
      },
    })
    await fetch(request())
    expect(seen).toEqual(['id-1'])
  })
  it('gives up after its time', async () => {
    const error = await caught(createFetch({ timeoutMs: 1, fetch: never as typeof fetch })(request()))
    expect(error).toMatchObject({ kind: 'timeout', code: 'TIMEOUT', retryable: true })
  })
  it('says so where there is no connection, until an answer comes', async () => {
    const isOnline = useOnline()
    reportReachable(true)
    const failing = createFetch({ fetch: () => Promise.reject(new TypeError('Failed to fetch')) })
    expect(await caught(failing(request()))).toMatchObject({ kind: 'offline', code: 'OFFLINE', retryable: true })
    expect(isOnline.value).toBe(false)
    await createFetch({ fetch: () => Promise.resolve(answer(500)) })(request())
    expect(isOnline.value).toBe(true)
  })
  it('is aborted with the signal of the request', async () => {
    const controller = new AbortController()
    const call = createFetch({ fetch: never as typeof fetch })(request(controller.signal))
    controller.abort()
    expect(await caught(call)).toMatchObject({ kind: 'aborted', retryable: false })
  })
})
