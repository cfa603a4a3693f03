import { createContext, Script } from 'node:vm'
import type { Bounded } from '@stage0/workspace'
import { HttpProblem } from '../http-problem.ts'

const RUN = new Script('run()')

/**
 * Stops computing after a time, whatever it is at: a pattern of a repository can backtrack for ever, and there is one thread for
 * everybody. The watchdog of `vm` is the only thing that ends such a pattern from outside.
 *
 * @throws HttpProblem `CHECK_TOOK_TOO_LONG`.
 */
export function withinTime(timeoutMs: number): Bounded {
  const surroundings: { run?: () => void } = {}
  const context = createContext(surroundings)
  return <T>(work: () => T): T => {
    let done: { readonly value: T } | undefined
    surroundings.run = () => {
      done = { value: work() }
    }
    try {
      RUN.runInContext(context, { timeout: timeoutMs })
    } catch (thrown) {
      if (!isTimeout(thrown)) throw thrown
      throw new HttpProblem(
        'CHECK_TOOK_TOO_LONG',
        `Checking the repository took longer than ${timeoutMs} ms and was given up.`,
        { cause: thrown },
      )
    } finally {
      delete surroundings.run
    }
    if (done === undefined) throw new Error('work ended without a result')
    return done.value
  }
}

/** The error is one of the context, which has another class `Error`. */
const isTimeout = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
