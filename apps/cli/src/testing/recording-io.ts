import pc from 'picocolors'
import type { Io } from '../terminal/io.ts'

const plain = pc.createColors(false)

/** An `Io` that keeps what is written, without colours and without a person to ask. */
export function recordingIo(
  more: Partial<Io> = {},
): Io & { readonly written: { readonly out: string; readonly err: string } } {
  const written = { out: '', err: '' }
  return {
    written,
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    progressIsLive: false,
    interactive: false,
    ask: () => Promise.resolve(undefined),
    outColors: plain,
    errColors: plain,
    environment: {},
    folder: '.',
    signal: new AbortController().signal,
    ...more,
  }
}
