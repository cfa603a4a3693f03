import type { Readable, Writable } from 'node:stream'
import { colorsFor, type Io } from './io.ts'

interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
}

interface ProcessLike {
  readonly stdin: Readable & Terminal
  readonly stdout: Writable & Terminal
  readonly stderr: Writable & Terminal
  readonly env: Readonly<Record<string, string | undefined>>
  cwd(): string
}

/** The `Io` of a real process. */
export function processIo(self: ProcessLike, signal: AbortSignal): Io {
  const { stdin, stdout, stderr, env } = self
  const initialFolder = env['INIT_CWD']
  return {
    out: writer(stdout),
    err: writer(stderr),
    progressIsLive: stderr.isTTY === true && env['TERM'] !== 'dumb',
    columns: () => stderr.columns,
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    ask: (question) => ask(stdin, stderr, question, signal),
    outColors: colorsFor(env, stdout.isTTY === true),
    errColors: colorsFor(env, stderr.isTTY === true),
    environment: env,
    folder: initialFolder !== undefined && initialFolder !== '' ? initialFolder : self.cwd(),
    signal,
  }
}

/** A reader that goes away (`stage0 check | head`) must not stop an apply: what it no longer reads is dropped. */
function writer(stream: Writable): (text: string) => void {
  let readerIsGone = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    readerIsGone = true
  })
  return (text) => {
    if (!readerIsGone) stream.write(text)
  }
}

async function ask(
  input: Readable,
  output: Writable,
  question: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input, output })
  try {
    const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
    return await Promise.race([lines.question(question, { signal }), ended])
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  } finally {
    lines.close()
  }
}
