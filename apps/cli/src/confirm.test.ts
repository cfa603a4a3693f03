import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { confirm } from './confirm.ts'
import type { Io } from './terminal/io.ts'

const plain = pc.createColors(false)

function ioAnswering(answer: string | undefined, interactive = true, signal = new AbortController().signal): Io {
  return {
    out: () => undefined,
    err: () => undefined,
    progressIsLive: interactive,
    interactive,
    ask: () => Promise.resolve(answer),
    outColors: plain,
    errColors: plain,
    environment: {},
    folder: '.',
    signal,
  }
}

describe('the question before a change', () => {
  it.each([
    { environment: 'local', answer: 'y', outcome: 'agreed' },
    { environment: 'local', answer: 'Yes', outcome: 'agreed' },
    { environment: 'local', answer: '', outcome: 'NOT_CONFIRMED' },
    { environment: 'local', answer: 'n', outcome: 'NOT_CONFIRMED' },
    { environment: 'local', answer: undefined, outcome: 'NOT_CONFIRMED' },
    { environment: 'production', answer: 'y', outcome: 'NOT_CONFIRMED' },
    { environment: 'production', answer: 'shop', outcome: 'agreed' },
    { environment: 'production', answer: 'shop2', outcome: 'NOT_CONFIRMED' },
  ])('in $environment the answer "$answer" means $outcome', async ({ environment, answer, outcome }) => {
    const result = await confirm(ioAnswering(answer), { steps: 3, database: 'shop', environment, risks: 0 })
    expect(result.ok ? 'agreed' : result.error.code).toBe(outcome)
  })

  it('says how many risks of breaking or destroying come with it', async () => {
    const asked: string[] = []
    const io = ioAnswering('shop')
    const ask = (question: string) => (asked.push(question), Promise.resolve('shop'))
    await confirm({ ...io, ask }, { steps: 3, database: 'shop', environment: 'production', risks: 2 })
    expect(asked).toEqual([expect.stringContaining('with 2 risks that nobody has accepted yet')])
  })

  it('is not asked where nobody can answer: refused as unsafe', async () => {
    const result = await confirm(ioAnswering('y', false), {
      steps: 3,
      database: 'shop',
      environment: 'local',
      risks: 0,
    })
    expect(result).toMatchObject({ ok: false, error: { code: 'CONFIRMATION_NEEDED', exit: 6 } })
  })

  it('ends as cancelled when a signal arrives instead of an answer', async () => {
    const result = await confirm(ioAnswering(undefined, true, AbortSignal.abort()), {
      steps: 3,
      database: 'shop',
      environment: 'local',
      risks: 0,
    })
    expect(result).toMatchObject({ ok: false, error: { code: 'CANCELLED', exit: 8 } })
  })
})
