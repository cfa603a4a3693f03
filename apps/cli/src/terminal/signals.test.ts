import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { cancelOnSignals } from './signals.ts'

class FakeProcess extends EventEmitter {
  readonly pid = 7
  readonly killed: string[] = []
  kill(pid: number, signal: string): void {
    this.killed.push(`${pid} ${signal}`)
  }
}

describe('SIGINT and SIGTERM', () => {
  it('cancel at the first, and kill at the second as the signal would have', () => {
    const process = new FakeProcess()
    const told: string[] = []
    const signal = cancelOnSignals(
      process,
      (name) => told.push(name),
      (name) => told.push(`last words at ${name}, ${process.killed.length} killed`),
    )

    process.emit('SIGINT', 'SIGINT')
    expect([signal.aborted, told, process.killed]).toEqual([true, ['SIGINT'], []])
    expect(signal.reason).toMatchObject({ name: 'AbortError' })

    process.emit('SIGTERM', 'SIGTERM')
    expect([told, process.killed]).toEqual([['SIGINT', 'last words at SIGTERM, 0 killed'], ['7 SIGTERM']])
    expect(process.listenerCount('SIGTERM')).toBe(0)
  })
})
