/** Bytes that are no BSON document, or a value that BSON cannot hold. `offset` is the byte position in the input. */
export class BsonError extends Error {
  readonly offset: number | undefined
  constructor(message: string, offset?: number) {
    super(offset === undefined ? message : `${message} (at byte ${offset})`)
    this.name = 'BsonError'
    this.offset = offset
  }
}

/** Deepest nesting that is read or written. The server refuses documents of more than about 200 levels. */
export const MAX_NESTING_LEVELS = 200
