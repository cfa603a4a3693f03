import type { RunEvent } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { ContactFacts, withContact } from './contact-events.ts'
import { RunLog } from './run-log.ts'

const AWAY = { answers: false, leaseLeftMs: 20 }

/** A run of two steps that stands between them until it is let go. */
function standing() {
  const log = new RunLog('r1', new FakeClock())
  const facts = new ContactFacts()
  let letGo = (): void => {}
  const gate = new Promise<void>((resolve) => (letGo = resolve))
  let isClosed = false
  async function* events(): AsyncGenerator<RunEvent, void> {
    try {
      yield log.add({ type: 'run.paused', paused: true })
      await gate
      const late = log.add({ type: 'run.paused', paused: false })
      // What the heartbeat says in this moment has the greater number.
      facts.tell({ ...AWAY, answers: true })
      yield late
    } finally {
      isClosed = true
    }
  }
  return { told: withContact(events(), facts, log), facts, letGo, isClosed: () => isClosed }
}

describe('whether the database answers', () => {
  it('is told while the run waits, in the order of the numbers', async () => {
    const { told, facts, letGo } = standing()
    const seen: (readonly [number, string])[] = []
    for await (const event of told) {
      seen.push([event.seq, event.type])
      if (event.seq === 1) facts.tell(AWAY)
      if (event.seq === 2) letGo()
    }
    expect(seen.slice(0, 3)).toEqual([
      [1, 'run.paused'],
      [2, 'run.contact'],
      [3, 'run.paused'],
    ])
    expect(seen.map(([seq]) => seq)).toEqual(seen.map((_, index) => index + 1))
  })

  it('does not keep the run from being given up by who reads it', async () => {
    const { told, facts, letGo, isClosed } = standing()
    await told.next()
    facts.tell(AWAY)
    expect((await told.next()).value).toMatchObject({ type: 'run.contact', answers: false, lease_left_ms: 20 })
    letGo()
    await told.return()
    expect(isClosed()).toBe(true)
  })
})
