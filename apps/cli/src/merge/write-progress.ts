import type { Io } from '../terminal/io.ts'

/** Fewer files are written before anybody could read that they are. */
const MANY = 500
const CLEAR_LINE = '\r\u001b[2K'

/** Shows on standard error how many of many files are written: on a terminal redrawn, in a log as a line now and then. */
export function writeProgress(io: Pick<Io, 'err' | 'progressIsLive'>): (done: number, total: number) => void {
  return (done, total) => {
    if (total < MANY) return
    if (io.progressIsLive) {
      if (done === total) io.err(CLEAR_LINE)
      else if (done % MANY === 0) io.err(`${CLEAR_LINE}${done} of ${total} files`)
    } else if (done === total || done % (MANY * 2) === 0) io.err(`${done} of ${total} files\n`)
  }
}
