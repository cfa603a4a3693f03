import { onScopeDispose, readonly, ref, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'
import {
  openEventStream,
  type EventStream,
  type Numbered,
  type StreamOptions,
  type StreamStatus,
} from './event-stream.ts'

export interface UseEventStreamOptions<Message extends Numbered> extends Omit<
  StreamOptions<Message>,
  'url' | 'onStatus' | 'after'
> {
  readonly url: MaybeRefOrGetter<string>
  /** The message to resume after, read when the stream opens; for a page that starts from a snapshot. */
  readonly after?: MaybeRefOrGetter<number>
  readonly isEnabled?: MaybeRefOrGetter<boolean>
}

export interface LiveStream {
  readonly status: Readonly<Ref<StreamStatus>>
  /** Tries again now, from the last message. */
  reconnect(): void
  /** Ends listening; the status becomes `ended`. */
  close(): void
}

/** A stream of numbered messages that lives as long as its component, its address and `isEnabled`. */
export function useEventStream<Message extends Numbered>(options: UseEventStreamOptions<Message>): LiveStream {
  const status = ref<StreamStatus>('connecting')
  let stream: EventStream | undefined
  const { url, isEnabled = true, after = 0, onMessage, ...rest } = options

  let seen = 0
  watch(
    () => [toValue(url), toValue(isEnabled)] as const,
    ([address, isOn], before) => {
      stream?.close()
      stream = undefined
      if (!isOn) return
      if (before?.[0] !== address) seen = 0
      stream = openEventStream<Message>({
        ...rest,
        url: address,
        after: Math.max(seen, toValue(after)),
        onMessage: (message) => {
          seen = message.seq
          onMessage(message)
        },
        onStatus: (next) => (status.value = next),
      })
    },
    { immediate: true },
  )
  onScopeDispose(() => stream?.close())
  return { status: readonly(status), reconnect: () => stream?.reconnect(), close: () => stream?.close() }
}
