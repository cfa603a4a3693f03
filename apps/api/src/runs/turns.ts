/** Work that must not be done twice at the same time: each begins when the one before it has ended, however that ended. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  /** Does `work` when all that came before is done. */
  next<T>(work: () => Promise<T>): Promise<T> {
    const begin = (): Promise<T> => work()
    const done = this.#last.then(begin, begin)
    this.#last = done
    return done
  }
}
