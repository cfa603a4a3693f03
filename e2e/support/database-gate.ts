import { connect, createServer, type Server, type Socket } from 'node:net'

interface Hold {
  readonly texts: readonly string[]
  readonly reached: () => void
  readonly released: Promise<void>
  readonly release: () => void
}

/**
 * A relay in front of the database, so that a test decides how far a run gets: it can hold back one command, and it can
 * take the database away. Nothing is waited for by the clock.
 */
export class DatabaseGate {
  readonly uri: string
  readonly #server: Server
  readonly #clients = new Set<Socket>()
  #isShut = false
  #hold: Hold | undefined

  private constructor(uri: string, server: Server) {
    this.uri = uri
    this.#server = server
  }

  /** @param uri A server without TLS, named by one host. */
  static async start(uri: string): Promise<DatabaseGate> {
    const address = new URL(uri)
    const target = { host: address.hostname, port: Number(address.port === '' ? 27017 : address.port) }
    const server = createServer()
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const bound = server.address()
    if (bound === null || typeof bound === 'string') throw new Error('the gate has no port')
    address.host = `127.0.0.1:${String(bound.port)}`
    // Else the driver would go to the address that the server calls itself by.
    address.searchParams.set('directConnection', 'true')
    const gate = new DatabaseGate(address.href, server)
    server.on('connection', (client) => gate.#relay(client, target))
    return gate
  }

  /** Holds back the next command that contains all the texts, and what follows on its connection. Resolves when there is one. */
  holdAt(...texts: readonly string[]): Promise<void> {
    this.release()
    return new Promise((reached) => {
      let release = () => {}
      const released = new Promise<void>((resolve) => (release = resolve))
      this.#hold = { texts, reached, released, release }
    })
  }

  /** Lets through what is held back. */
  release(): void {
    this.#hold?.release()
    this.#hold = undefined
  }

  /** Takes the database away: connections are cut, new ones refused. */
  shut(): void {
    this.#isShut = true
    for (const client of this.#clients) client.destroy()
  }

  /** As in the beginning: everything passes. */
  open(): void {
    this.#isShut = false
    this.release()
  }

  async end(): Promise<void> {
    this.shut()
    this.release()
    await new Promise((closed) => this.#server.close(closed))
  }

  #relay(client: Socket, target: { readonly host: string; readonly port: number }): void {
    if (this.#isShut) {
      client.destroy()
      return
    }
    const server = connect(target)
    this.#clients.add(client)
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      // A connection that breaks is closed on the other side too; there is nothing more to do about it.
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
    client.on('close', () => this.#clients.delete(client))
    server.on('data', (data) => client.write(data))
    let rest = Buffer.alloc(0)
    let passed = Promise.resolve()
    client.on('data', (data) => {
      rest = Buffer.concat([rest, data])
      // Every message of the wire protocol begins with its length.
      while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
        const message = rest.subarray(0, rest.readInt32LE(0))
        rest = rest.subarray(message.length)
        passed = passed.then(() => this.#pass(message, server))
      }
    })
  }

  async #pass(message: Buffer, server: Socket): Promise<void> {
    const hold = this.#hold
    if (hold?.texts.every((text) => message.includes(text)) === true) {
      hold.reached()
      await hold.released
    }
    if (!server.destroyed) server.write(message)
  }
}
