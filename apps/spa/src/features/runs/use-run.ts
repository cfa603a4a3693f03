import { useQuery } from '@pinia/colada'
import { reduceRun } from '@stage0/core'
import type { RunSnapshot } from '@stage0/types'
import { useEventStream, type StreamStatus } from '@stage0/vue-kit'
import { useDocumentVisibility } from '@vueuse/core'
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { api } from '../../shared/api.ts'
import { runQuery } from '../../shared/queries.ts'
import { isLastNews, isRunEvent, newsOfEvent, newsOfSnapshot, parseRunNews, type RunNews } from './run-message.ts'

export interface LiveRun {
  readonly query: ReturnType<typeof useQuery<RunSnapshot>>
  /** The run as it stands; undefined until it was first read. Changes at most once per frame of the screen. */
  readonly snapshot: Readonly<Ref<RunSnapshot | undefined>>
  readonly status: Readonly<Ref<StreamStatus>>
  /** When the newest event happened, ISO 8601. */
  readonly lastEventAt: Readonly<Ref<string | undefined>>
  reconnect(): void
  /** Takes over a snapshot that was the answer to something else. */
  accept(snapshot: RunSnapshot): void
}

/**
 * A run, followed: its snapshot, then the stream of events from the snapshot's number on. It streams only while the run goes
 * on and the page is in sight (decisions.md 10); what was missed meanwhile comes with the next connection.
 */
export function useRun(id: string): LiveRun {
  const query = useQuery(() => runQuery(id))
  const visibility = useDocumentVisibility()
  const snapshot = shallowRef<RunSnapshot>()
  const lastEventAt = shallowRef<string>()

  // Events wait for the next frame: a burst of thousands is drawn once.
  let waiting: RunNews[] = []
  let frame: number | undefined
  function flush(): void {
    if (frame !== undefined) cancelAnimationFrame(frame)
    frame = undefined
    const news = waiting
    waiting = []
    const before = snapshot.value
    if (before === undefined || news.length === 0) return
    for (const one of news) if (!one.isState) lastEventAt.value = one.event.at
    snapshot.value = news.reduce(
      (state, one) => (one.isState ? newest(state, one.snapshot) : reduceRun(state, one.event)),
      before,
    )
  }
  function receive(news: RunNews): void {
    waiting.push(news)
    // A page that is not drawn gets no frames.
    if (isLastNews(news) && visibility.value === 'hidden') return flush()
    frame ??= requestAnimationFrame(flush)
  }
  onScopeDispose(() => {
    if (frame !== undefined) cancelAnimationFrame(frame)
  })

  function accept(next: RunSnapshot): void {
    flush()
    snapshot.value = snapshot.value === undefined ? next : newest(snapshot.value, next)
  }
  watch(
    () => query.data.value,
    (next) => {
      if (next !== undefined) accept(next)
    },
    { immediate: true },
  )
  const isLive = computed(() => snapshot.value?.run.status === 'running' && visibility.value !== 'hidden')
  const stream = useEventStream<RunNews>({
    url: api.runEventsUrl(id),
    after: () => snapshot.value?.last_seq ?? 0,
    isEnabled: isLive,
    parse: parseRunNews,
    onMessage: receive,
    isLast: isLastNews,
    poll: (after) => newsAfter(id, after),
  })
  return { query, snapshot, status: stream.status, lastEventAt, reconnect: stream.reconnect, accept }
}

/**
 * The later of two states of one run; where both are as late, the one that was told last, unless it forgets that the run has
 * ended. A request to cancel is never taken back, and no event tells of it.
 */
function newest(known: RunSnapshot, told: RunSnapshot): RunSnapshot {
  const isOlder = told.last_seq < known.last_seq
  const forgetsEnd = known.run.status !== 'running' && told.run.status === 'running'
  const state = isOlder || (told.last_seq === known.last_seq && forgetsEnd) ? known : told
  const cancel_requested = known.run.cancel_requested || told.run.cancel_requested
  return state.run.cancel_requested === cancel_requested ? state : { ...state, run: { ...state.run, cancel_requested } }
}

/** What the service tells without a stream. A run that ended without a last event is told by its state. */
async function newsAfter(id: string, after: number): Promise<readonly RunNews[]> {
  const page = await api.runEvents(id, after)
  const events = page.events.filter(isRunEvent)
  const news = events.map(newsOfEvent)
  if (!page.finished || events.some(({ type }) => type === 'run.finished')) return news
  return [...news, newsOfSnapshot(await api.run(id))]
}
