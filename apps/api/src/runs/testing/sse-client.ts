import type { RunMessage } from '@stage0/types'

export interface Frame {
  readonly id: string | undefined
  readonly retry: string | undefined
  readonly message: RunMessage | undefined
}

export interface OpenStream {
  readonly status: number
  readonly headers: Headers
  /** The frames as they come, comments left out, until the service ends the stream. */
  readonly frames: AsyncGenerator<Frame, void>
  /** As a client that goes away. */
  close(): void
}

/** Follows a run as a browser does, over a real connection. */
export async function openStream(url: string, headers: Readonly<Record<string, string>> = {}): Promise<OpenStream> {
  const leaving = new AbortController()
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: leaving.signal,
  })
  return {
    status: response.status,
    headers: response.headers,
    // The reader is taken at once: a body that nobody reads yet is cancelled when its response is collected as garbage.
    frames: readFrames((response.body ?? new ReadableStream<Uint8Array>()).getReader()),
    close: () => leaving.abort(),
  }
}

async function* readFrames(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Frame, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    rest += decoder.decode(value, { stream: true })
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) if (!block.startsWith(':')) yield toFrame(block)
  }
}

function toFrame(block: string): Frame {
  const fields = new Map(block.split('\n').map((line) => [line.split(':', 1)[0], line.replace(/^[^:]*: ?/, '')]))
  const data = fields.get('data')
  return {
    id: fields.get('id'),
    retry: fields.get('retry'),
    message: data === undefined ? undefined : (JSON.parse(data) as RunMessage),
  }
}

/** All frames until the service ends the stream. */
export async function allFrames(stream: OpenStream): Promise<readonly Frame[]> {
  const frames: Frame[] = []
  for await (const frame of stream.frames) frames.push(frame)
  return frames
}

export const messagesOf = (frames: readonly Frame[]): readonly RunMessage[] =>
  frames.flatMap(({ message }) => message ?? [])

/** Numbers of the events among the messages. */
export const seqsOf = (frames: readonly Frame[]): readonly number[] =>
  messagesOf(frames).flatMap((message) => (message.type === 'snapshot' ? [] : [message.seq]))
