import { MongoServerError, type Collection } from 'mongodb'
import { setImmediate } from 'node:timers/promises'
import { idOf, type Thing } from './things.ts'

/** Inserts documents of the old shape and updates those that are there, until it is stopped. Development only. */
export class Writer {
  readonly times: number[] = []
  inserted = 0
  /** Refused by the new validator. */
  refused = 0
  readonly updated = new Map<number, number>()
  #isStopped = false
  #loop: Promise<void> | undefined
  readonly #things: Collection<Thing>
  readonly #seeded: number

  constructor(things: Collection<Thing>, seeded: number) {
    this.#things = things
    this.#seeded = seeded
  }

  start(): void {
    this.#loop = this.#write()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#loop
  }

  async #write(): Promise<void> {
    for (let i = 0; !this.#isStopped; i += 1) {
      const startedAt = performance.now()
      if (i % 2 === 0) await this.#insert(i)
      else await this.#update(3 + 10 * Math.floor((i * 7919) % (this.#seeded / 10 - 1)))
      this.times.push(performance.now() - startedAt)
      await setImmediate()
    }
  }

  async #insert(i: number): Promise<void> {
    try {
      await this.#things.insertOne({ _id: idOf(this.#seeded + i + 3), shape: 1, n: 0 })
      this.inserted += 1
    } catch (cause) {
      if (!(cause instanceof MongoServerError && cause.code === 121)) throw cause
      this.refused += 1
    }
  }

  /** `i` such that its id can be made again. */
  async #update(i: number): Promise<void> {
    const { matchedCount } = await this.#things.updateOne({ _id: idOf(i) as never }, { $inc: { w: 1 } })
    if (matchedCount !== 1) throw new Error(`document ${i} is gone`)
    this.updated.set(i, (this.updated.get(i) ?? 0) + 1)
  }
}
