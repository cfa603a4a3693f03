import type { Settings } from '@stage0/workspace'
import type { StartUp } from './deps.ts'
import { HttpProblem } from './http-problem.ts'
import type { RunManager } from './runs/run-manager.ts'

/** What may be otherwise a moment later: another process is at work, or the database is still coming up. */
const PASSING: ReadonlySet<string> = new Set(['LOCK_HELD', 'TARGET_UNREACHABLE'])
const RETRY_MS = 1000

type Waiter = (ms: number, signal: AbortSignal) => Promise<void>

/** Applies the repository when the service starts (`AUTO_PROCESS`). Until that has ended well, the service is not ready. */
export class StartUpProcessing implements StartUp {
  readonly #confirm: string
  #state = { done: false, ok: false, text: 'not begun' }

  constructor(settings: Settings) {
    // The setting is the consent, as `--yes` is for the command.
    this.#confirm = settings.MONGO_DB_NAME.value
  }

  state(): ReturnType<StartUp['state']> {
    return this.#state
  }

  /**
   * Runs until there is an outcome, or the service ends. The service lives on whatever comes of it.
   *
   * @returns whether the database is as the repository wants it.
   */
  async run(runs: RunManager, wait: Waiter, onDefect: (cause: unknown) => void): Promise<boolean> {
    try {
      while ((await this.#once(runs)) && !runs.closing.aborted) await wait(RETRY_MS, runs.closing)
    } catch (cause) {
      onDefect(cause)
      this.#state = { done: true, ok: false, text: 'SERVICE_DEFECT: the log of the service tells more.' }
    }
    return this.#state.ok
  }

  /** @returns whether it is worth another try. */
  async #once(runs: RunManager): Promise<boolean> {
    try {
      this.#state = { done: false, ok: false, text: 'at work' }
      const { run_id } = await runs.begin({ scope: {}, confirm: this.#confirm, command: 'AUTO_PROCESS' })
      const ended = await runs.ended(run_id)
      const status = ended?.run.status ?? 'failed'
      const code = ended?.run.error?.code
      const text = `run ${run_id} ${status.replaceAll('_', ' ')}${code === undefined ? '' : `: ${code}`}`
      this.#state = { done: true, ok: status === 'succeeded' || status === 'succeeded_with_leftovers', text }
      return false
    } catch (thrown) {
      if (!(thrown instanceof HttpProblem)) throw thrown
      const isPassing = PASSING.has(thrown.code)
      this.#state = { done: !isPassing, ok: false, text: `${thrown.code}: ${thrown.message}` }
      return isPassing
    }
  }
}
