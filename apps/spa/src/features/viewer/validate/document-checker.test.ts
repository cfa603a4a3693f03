import { describe, expect, it } from 'vitest'
import { documentChecker, type CheckWorker, type Timer } from './document-checker.ts'
import type { CheckRequest } from './messages.ts'

const REQUEST: CheckRequest = { kind: 'validate', schema: '{}', documents: '{}' }
const SKELETON = { kind: 'skeleton', text: '{}' } as const

/** A thread that a test moves on by hand. */
class FakeWorker implements CheckWorker {
  onmessage: CheckWorker['onmessage'] = null
  onerror: CheckWorker['onerror'] = null
  readonly asked: CheckRequest[] = []
  isEnded = false
  postMessage(request: CheckRequest): void {
    this.asked.push(request)
  }
  terminate(): void {
    this.isEnded = true
  }
  say(data: 'ready' | typeof SKELETON): void {
    this.onmessage?.({ data } as MessageEvent)
  }
}

function setUp() {
  const workers: FakeWorker[] = []
  const running = new Map<number, { action: () => void; ms: number }>()
  let handles = 0
  const timer: Timer = {
    start: (action, ms) => (running.set(++handles, { action, ms }), handles),
    stop: (handle) => void running.delete(handle as number),
  }
  const checker = documentChecker(() => (workers.push(new FakeWorker()), workers.at(-1)!), 5_000, timer)
  const ring = (): void => [...running.values()].at(-1)!.action()
  return { checker, workers, running, ring }
}

describe('a check in a thread of its own', () => {
  it('asks once the thread is loaded, and keeps the thread for the next', async () => {
    const { checker, workers, running } = setUp()
    const first = checker.run(REQUEST)
    expect(workers[0]!.asked).toEqual([])
    workers[0]!.say('ready')
    expect(workers[0]!.asked).toEqual([REQUEST])
    workers[0]!.say(SKELETON)
    await expect(first).resolves.toEqual(SKELETON)
    const second = checker.run(REQUEST)
    workers[0]!.say(SKELETON)
    await expect(second).resolves.toEqual(SKELETON)
    expect([workers.length, running.size, workers[0]!.isEnded]).toEqual([1, 0, false])
  })

  it('is ended after its time, and the next check gets a new thread', async () => {
    const { checker, workers, running, ring } = setUp()
    const slow = checker.run(REQUEST)
    workers[0]!.say('ready')
    expect([...running.values()].map(({ ms }) => ms)).toEqual([5_000])
    ring()
    await expect(slow).resolves.toEqual({ kind: 'too-slow', limitMs: 5_000 })
    expect(workers[0]!.isEnded).toBe(true)
    void checker.run(REQUEST)
    expect(workers).toHaveLength(2)
    checker.close()
  })

  it('gives way to a later one', async () => {
    const { checker, workers } = setUp()
    const first = checker.run(REQUEST)
    const second = checker.run(REQUEST)
    await expect(first).resolves.toEqual({ kind: 'replaced' })
    expect(workers.map(({ isEnded }) => isEnded)).toEqual([true, false])
    checker.close()
    await expect(second).resolves.toEqual({ kind: 'replaced' })
    expect(workers[1]!.isEnded).toBe(true)
  })

  it('tells of a thread that cannot be made, breaks, or never loads', async () => {
    const broken = documentChecker(() => {
      throw new Error('no threads here')
    })
    await expect(broken.run(REQUEST)).resolves.toEqual({ kind: 'failed', message: 'Error: no threads here' })
    const { checker, workers, ring } = setUp()
    const failing = checker.run(REQUEST)
    workers[0]!.onerror?.({ message: 'out of memory' } as ErrorEvent)
    await expect(failing).resolves.toEqual({ kind: 'failed', message: 'out of memory' })
    const silent = checker.run(REQUEST)
    ring()
    await expect(silent).resolves.toMatchObject({ kind: 'failed' })
  })
})
