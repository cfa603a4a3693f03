import type { RunEvent } from '@stage0/types'
import { api } from '../../shared/api.ts'

/**
 * All events of a run so far, as they were recorded; read page by page, and what was read is kept.
 *
 * @throws AppError where the service does not answer; what was read until then is kept.
 */
export function useRunEvents(id: string): () => Promise<readonly RunEvent[]> {
  let events: readonly RunEvent[] = []
  async function read(): Promise<readonly RunEvent[]> {
    for (;;) {
      const page = await api.runEvents(id, events.at(-1)?.seq ?? 0)
      events = [...events, ...page.events]
      if (page.finished || page.events.length === 0) return events
    }
  }
  // One reading after the other: two at once would double what they read.
  let reading: Promise<unknown> = Promise.resolve()
  return () => {
    const next = reading.catch(() => undefined).then(read)
    reading = next
    return next
  }
}
