import type { Steps } from '../commands/steps.ts'
import type { Turn } from '../evaluate/turn.ts'

/** A command that stops at each turn of a read. */
export function* pausing<T>(read: Generator<Turn, T>): Steps<T> {
  for (;;) {
    const step = read.next()
    if (step.done === true) return step.value
    yield
  }
}
