import { describe, expect, it } from 'vitest'
import { writeComment } from './comment.mjs'
import { codeHost, type CodeHost, type StoredComment } from './testing/code-host.ts'

const MARKER = '<!-- stage0 plan 0123 -->'
const AUTHOR = 'github-actions[bot]'
const stored = (id: number, body: string, login = AUTHOR): StoredComment => ({ id, body, user: { login } })

const stamped = (run: string, text: string): string => `${MARKER}\n<!-- run ${run} -->\n${text}`

async function write(host: CodeHost, { create = true, token = 'the-token', run = { id: 5, attempt: 1 } } = {}) {
  const waits: number[] = []
  const place = { api: host.url, repository: 'owner/name', number: 7, token, author: AUTHOR }
  const wait = (ms: number) => {
    waits.push(ms)
    return Promise.resolve()
  }
  return { outcome: await writeComment(place, MARKER, 'new', { run, create, wait }), waits }
}

describe('the comment of a pull request that several runs write', () => {
  it('is one, that of the later run, where both found none', async () => {
    for (const [first, second] of [
      [6, 5],
      [5, 6],
    ] as const) {
      const host = await codeHost()
      // The other run has looked as well, and makes its comment between our look and ours.
      host.answers.push(
        () => undefined,
        () => void host.comments.push(stored(1, stamped(`${first}.1`, 'other'))),
      )
      const { outcome } = await write(host, { run: { id: second, attempt: 1 } })
      expect(host.comments.map(({ body }) => body)).toEqual([stamped('6.1', second === 6 ? 'new' : 'other')])
      expect(outcome.kind).toBe(second === 6 ? 'written' : 'later')
    }
  })

  it('keeps the same comment whichever run looks', async () => {
    const both = () => [stored(3, stamped('5.1', 'new')), stored(4, stamped('6.1', 'other'))]
    for (const id of [5, 6]) {
      const host = await codeHost(both())
      await write(host, { run: { id, attempt: 1 } })
      expect(host.comments.map((one) => one.id)).toEqual([4])
    }
  })

  it('is not that of an earlier run that ends later, nor of an earlier attempt', async () => {
    for (const later of ['6.1', '5.2', '10.1']) {
      const host = await codeHost([stored(1, stamped(later, 'later'))])
      expect((await write(host)).outcome).toEqual({ kind: 'later' })
      expect(host.comments[0]?.body).toBe(stamped(later, 'later'))
    }
  })

  it('is written once more where an earlier run has written over it', async () => {
    const host = await codeHost([stored(1, stamped('3.1', 'old'))])
    host.answers.push(
      () => undefined,
      () => undefined,
      () => void (host.comments[0]!.body = stamped('4.1', 'earlier')),
    )
    expect((await write(host)).outcome.kind).toBe('written')
    expect(host.comments.map(({ body }) => body)).toEqual([stamped('5.1', 'new')])
  })

  it('is left alone in the end where others go on writing', async () => {
    const host = await codeHost([stored(1, stamped('3.1', 'old'))])
    const overwrite = () => void (host.comments[0]!.body = stamped('4.1', 'earlier'))
    for (let at = 0; at < 20; at += 1) host.answers.push(overwrite)
    await write(host)
    expect(host.requests.filter((line) => line.startsWith('PATCH'))).toHaveLength(4)
  })
})

describe('the comment of a pull request', () => {
  it('is made where there is none', async () => {
    const host = await codeHost([stored(1, 'hello', 'somebody')])
    const { outcome } = await write(host)
    expect(outcome).toEqual({ kind: 'written', url: `${host.url}/comment/2` })
    expect(host.comments.at(-1)?.body).toBe(stamped('5.1', 'new'))
    expect(host.requests).toEqual([
      'GET /repos/owner/name/issues/7/comments?per_page=100&page=1',
      'POST /repos/owner/name/issues/7/comments',
      'GET /repos/owner/name/issues/7/comments?per_page=100&page=1',
    ])
  })

  it('is changed in place, however many others stand before it', async () => {
    const others = Array.from({ length: 230 }, (_, at) => stored(at + 1, 'talk', 'somebody'))
    const host = await codeHost([...others, stored(999, `${MARKER}\nold`)])
    expect((await write(host)).outcome).toEqual({ kind: 'written', url: `${host.url}/comment/999` })
    expect(host.comments).toHaveLength(231)
    expect(host.comments.at(-1)?.body).toBe(stamped('5.1', 'new'))
  })

  it('is never that of somebody else, even with our marker, nor of another plan', async () => {
    const host = await codeHost([
      stored(1, `${MARKER}\nmine`, 'somebody'),
      stored(2, '<!-- stage0 plan 4567 -->\nother'),
      stored(3, `> ${MARKER}`),
    ])
    expect((await write(host)).outcome).toMatchObject({ kind: 'written', url: `${host.url}/comment/4` })
    expect(host.comments.slice(0, 3).map(({ body }) => body)).toEqual([
      `${MARKER}\nmine`,
      '<!-- stage0 plan 4567 -->\nother',
      `> ${MARKER}`,
    ])
  })

  it('is not made where there is nothing to say, but changed where it stands', async () => {
    const host = await codeHost()
    expect((await write(host, { create: false })).outcome).toEqual({ kind: 'none' })
    host.comments.push(stored(1, `${MARKER}\nold`))
    expect((await write(host, { create: false })).outcome.kind).toBe('written')
  })

  it('is made anew where it was deleted meanwhile', async () => {
    const host = await codeHost([stored(1, `${MARKER}\nold`)])
    host.answers.push(
      () => undefined,
      () => void host.comments.pop(),
    )
    expect((await write(host)).outcome.kind).toBe('written')
    expect(host.requests.at(-2)).toMatch(/^POST /)
  })

  it.each([
    ['may only read', { status: 403 }],
    ['does not see the pull request', { status: 404 }],
    ['is not valid', { status: 401 }],
  ])('is left out where the token %s', async (_what, answer) => {
    const host = await codeHost()
    host.answers.push(() => undefined, answer)
    expect((await write(host)).outcome).toEqual({ kind: 'forbidden' })
    expect(host.requests).toHaveLength(2)
  })

  it('waits as long as the API says, where that is not long', async () => {
    const host = await codeHost()
    host.answers.push({ status: 429, headers: { 'retry-after': '7' } }, { status: 502 })
    const { outcome, waits } = await write(host)
    expect(outcome.kind).toBe('written')
    expect(waits).toEqual([7000, 2000])
  })

  it('gives up where the limit lasts long, or the server goes on failing', async () => {
    const limited = await codeHost()
    const reset = String(Math.ceil(Date.now() / 1000) + 3000)
    limited.answers.push({ status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } })
    expect(await write(limited)).toEqual({ outcome: { kind: 'failed', why: 'too many requests for now' }, waits: [] })
    const broken = await codeHost()
    broken.answers.push({ status: 500 }, { status: 500 }, { status: 500 })
    expect((await write(broken)).outcome).toEqual({ kind: 'failed', why: 'status 500' })
    expect(broken.requests).toHaveLength(3)
  })

  it('is left out where the API cannot be reached', async () => {
    const host = await codeHost()
    const place = { api: 'http://127.0.0.1:1', repository: 'o/n', number: 7, token: 'x', author: AUTHOR }
    const wait = () => Promise.resolve()
    expect(await writeComment(place, MARKER, '', { run: { id: 5, attempt: 1 }, create: true, wait })).toMatchObject({
      kind: 'failed',
    })
    expect(host.requests).toEqual([])
  })
})
