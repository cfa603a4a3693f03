import { Timestamp } from 'bson'
import { ServerError } from '../server-error.ts'

const MILLISECONDS_PER_SECOND = 1_000
/** How far ahead of the wall clock a client's time may be. Source: the manual, maxAcceptableLogicalClockDriftSecs. */
const MAX_DRIFT_SECONDS = 31_536_000

/** The logical time of the server: it goes on with every commit, and is never behind what a client has seen. */
export class ClusterClock {
  readonly #wall: () => Date
  #seconds: number
  #increment = 1
  /** Wall-clock time of the last commit. */
  lastWrite: Date

  constructor(wall: () => Date) {
    this.#wall = wall
    this.lastWrite = wall()
    this.#seconds = Math.floor(this.lastWrite.getTime() / MILLISECONDS_PER_SECOND)
  }

  now(): Timestamp {
    return new Timestamp({ t: this.#seconds, i: this.#increment })
  }

  /** Something was committed. */
  tick(): void {
    this.lastWrite = this.#wall()
    const seconds = Math.floor(this.lastWrite.getTime() / MILLISECONDS_PER_SECOND)
    if (seconds > this.#seconds) {
      this.#seconds = seconds
      this.#increment = 1
    } else this.#increment++
  }

  /** A client has seen `time`. Throws 2 for one that is too far ahead. */
  advance(time: Timestamp): void {
    if (time.compare(this.now()) <= 0) return
    const limit = Math.floor(this.#wall().getTime() / MILLISECONDS_PER_SECOND) + MAX_DRIFT_SECONDS
    if (time.t > limit) throw new ServerError(2, "New cluster time is too far from this node's wall clock time")
    this.#seconds = time.t
    this.#increment = time.i
  }
}
