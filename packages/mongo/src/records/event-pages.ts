import type { RunEvent } from '@stage0/types'

/** Bounds of one page: far below the 16 MiB of a document, and large enough that a run of 10,000 steps has a hundred pages. */
const PAGE_EVENTS = 250
const PAGE_CHARACTERS = 2_000_000
/** A longer event loses its detail: one event must never fill a page alone. */
const EVENT_CHARACTERS = 500_000

/** Events that go to one page, in order. */
export interface PagePart {
  readonly page: number
  readonly events: readonly RunEvent[]
}

/** Spreads the events of one run over numbered pages, across calls. */
export class EventPages {
  #page = 1
  #events = 0
  #characters = 0

  /** The parts to write now: usually one, more where a page is full. */
  place(events: readonly RunEvent[]): readonly PagePart[] {
    const parts: { page: number; events: RunEvent[] }[] = []
    for (const event of events) {
      const { plain, characters } = storable(event)
      if (this.#events > 0 && (this.#events >= PAGE_EVENTS || this.#characters + characters > PAGE_CHARACTERS)) {
        this.#page += 1
        this.#events = 0
        this.#characters = 0
      }
      this.#events += 1
      this.#characters += characters
      const last = parts.at(-1)
      if (last?.page === this.#page) last.events.push(plain)
      else parts.push({ page: this.#page, events: [plain] })
    }
    return parts
  }
}

/** Plain JSON, as it will be streamed: no undefined fields, 64-bit integers as text. */
function storable(event: RunEvent): { plain: RunEvent; characters: number } {
  const text = JSON.stringify(event, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  if (text.length <= EVENT_CHARACTERS) return { plain: JSON.parse(text) as RunEvent, characters: text.length }
  if (!('error' in event) || event.error === undefined) throw new RangeError(`a run event of ${text.length} characters`)
  const { code, message } = event.error
  return storable({
    ...event,
    error: { code, message: message.slice(0, EVENT_CHARACTERS / 2), detail: 'left out: too long' },
  })
}
