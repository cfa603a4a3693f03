import {
  fingerprintWorkspace,
  readSnapshot,
  workspaceOptions,
  type Bounded,
  type Fingerprint,
  type Settings,
  type Snapshot,
} from '@stage0/workspace'
import type { SnapshotSource } from '../deps.ts'
import { HttpProblem } from '../http-problem.ts'
import { withinTime } from './within-time.ts'

interface Read {
  readonly fingerprint: string
  readonly isReliable: boolean
  readonly snapshot: Promise<Snapshot>
  /** Until when a check that was given up is not tried again on the same files. */
  restsUntilMs?: number
}

/** A check that was given up keeps everybody waiting while it lasts: it may take one part in so many of the time. */
const REST_FACTOR = 20

/**
 * The repository of the settings. Every request looks whether its files changed, which is cheap, and all who ask at once share a look; the
 * files are read and checked again only then.
 */
export class RepositorySnapshots implements SnapshotSource {
  readonly #settings: Settings
  readonly #bounded: Bounded
  readonly #now: () => Date
  readonly #reads = new Map<boolean, Read>()
  #underWay: Promise<unknown> = Promise.resolve()
  #waiting: Promise<Fingerprint> | undefined

  constructor(settings: Settings, now: () => Date) {
    this.#settings = settings
    this.#bounded = withinTime(settings.CHECK_TIMEOUT_MS.value)
    this.#now = now
  }

  async current(loadTestData: boolean = this.#settings.LOAD_TEST_DATA.value): Promise<Snapshot> {
    const { text, isFresh } = await this.#look()
    const known = this.#reads.get(loadTestData)
    const isRested = (known?.restsUntilMs ?? Infinity) <= this.#now().getTime()
    if (known?.fingerprint === text && known.isReliable && !isRested) return known.snapshot
    const snapshot = readSnapshot(this.#settings.INPUT_FOLDER.value, this.#settings, loadTestData, this.#bounded)
    const read: Read = { fingerprint: text, isReliable: !isFresh, snapshot }
    this.#reads.set(loadTestData, read)
    // A check that took too long mostly takes as long again on the same files, unless the machine was busy with something else;
    // whatever else went wrong may be over by the next request.
    snapshot.catch((thrown: unknown) => {
      const restMs = REST_FACTOR * this.#settings.CHECK_TIMEOUT_MS.value
      if (thrown instanceof HttpProblem) read.restsUntilMs = this.#now().getTime() + restMs
      else if (this.#reads.get(loadTestData) === read) this.#reads.delete(loadTestData)
    })
    return snapshot
  }

  /** Joins a look that has not begun yet: one that is under way may have passed what the caller just changed. */
  #look(): Promise<Fingerprint> {
    if (this.#waiting !== undefined) return this.#waiting
    const begin = () => {
      this.#waiting = undefined
      const { INPUT_FOLDER } = this.#settings
      return fingerprintWorkspace(INPUT_FOLDER.value, workspaceOptions(this.#settings), this.#now().getTime())
    }
    const look = this.#underWay.then(begin, begin)
    this.#waiting = look
    this.#underWay = look
    return look
  }
}
