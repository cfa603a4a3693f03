/** What makes a text unreadable; caught where a document is read. */
export class YamlFault extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}
