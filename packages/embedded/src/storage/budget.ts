import { ServerError } from '../server-error.ts'

/** What the whole server may hold: it is for trials and rehearsals, not for real data. */
export class Budget {
  readonly maxDocuments: number
  readonly maxBytes: number
  documents = 0
  bytes = 0

  constructor(maxDocuments: number, maxBytes: number) {
    this.maxDocuments = maxDocuments
    this.maxBytes = maxBytes
  }

  /** Takes room, or throws 14031 and takes nothing. */
  take(documents: number, bytes: number): void {
    if (documents > 0 && this.documents + documents > this.maxDocuments) {
      throw new ServerError(14031, `the embedded server holds at most ${this.maxDocuments} documents (maxDocuments)`)
    }
    if (bytes > 0 && this.bytes + bytes > this.maxBytes) {
      throw new ServerError(14031, `the embedded server holds at most ${this.maxBytes} bytes (maxBytes)`)
    }
    this.documents += documents
    this.bytes += bytes
  }

  giveBack(documents: number, bytes: number): void {
    this.documents -= documents
    this.bytes -= bytes
  }
}
