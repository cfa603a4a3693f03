import type { RunEvent } from '@stage0/types'
import type { Contact } from './lock-keeper.ts'
import type { RunLog } from './run-log.ts'

/** What the heartbeat has noticed and nobody has been told yet. */
export class ContactFacts {
  readonly #waiting: Contact[] = []
  #wake = (): void => {}

  readonly tell = (contact: Contact): void => {
    this.#waiting.push(contact)
    this.#wake()
  }

  take(): Contact | undefined {
    return this.#waiting.shift()
  }

  /** What was not told by the end of the run is of no use any more. */
  clear(): void {
    this.#waiting.length = 0
  }

  /** Resolves when there is something to take. */
  async arrived(): Promise<void> {
    if (this.#waiting.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve))
  }
}

/**
 * The events of a run, and between them those that tell whether the database answers, also while the run itself waits. All in the
 * order of their numbers.
 */
export async function* withContact(
  events: AsyncGenerator<RunEvent, void>,
  facts: ContactFacts,
  log: RunLog,
): AsyncGenerator<RunEvent, void> {
  let seq = 0
  const ask = (): Promise<IteratorResult<RunEvent, void>> => {
    const asked = events.next()
    // Awaited below; until then a rejection must not count as unhandled.
    asked.catch(() => {})
    return asked
  }
  let next = ask()
  try {
    for (;;) {
      const isOwn = await Promise.race([next.then(() => true), facts.arrived().then(() => false)])
      const contact = isOwn ? undefined : facts.take()
      if (contact !== undefined) {
        const { answers, leaseLeftMs } = contact
        const told = log.add({ type: 'run.contact', answers, lease_left_ms: leaseLeftMs })
        // What has a smaller number is on its way already.
        while (seq + 1 < told.seq) {
          const earlier = await next
          if (earlier.done === true) return
          seq = earlier.value.seq
          yield earlier.value
          next = ask()
        }
        seq = told.seq
        yield told
      } else if (isOwn) {
        const own = await next
        if (own.done === true) return
        seq = own.value.seq
        yield own.value
        next = ask()
      }
    }
  } finally {
    await events.return()
  }
}
