import { connect, createServer, type Server, type Socket } from 'node:net'
import { answeredNumber, intoMessages, readCommand, requestNumber, type WireCommand } from './wire-message.ts'

interface Hold {
  readonly matches: (command: WireCommand) => boolean
  readonly when: 'before' | 'after'
  readonly reached: () => void
  readonly released: Promise<void>
  readonly release: () => void
  /** Number of the request whose answer is held back. */
  request: number | undefined
}

interface Address {
  readonly host: string
  readonly port: number
}

/**
 * A relay in front of the database, so that a test decides how far a run gets: it can hold back one command or its answer,
 * and it can take the database away. Nothing is waited for by the clock.
 */
export class DatabaseGate {
  readonly uri: string
  readonly #server: Server
  readonly #clients = new Set<Socket>()
  #target: Address
  #isShut = false
  #hold: Hold | undefined
  #seen: ((command: WireCommand) => void) | undefined

  private constructor(uri: string, server: Server, target: Address) {
    this.uri = uri
    this.#server = server
    this.#target = target
  }

  /** @param uri A server without TLS, named by one host. */
  static async start(uri: string): Promise<DatabaseGate> {
    const server = createServer()
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const bound = server.address()
    if (bound === null || typeof bound === 'string') throw new Error('the gate has no port')
    const address = new URL(uri)
    address.host = `127.0.0.1:${String(bound.port)}`
    // Else the driver would go to the address that the server calls itself by.
    address.searchParams.delete('replicaSet')
    address.searchParams.set('directConnection', 'true')
    const gate = new DatabaseGate(address.href, server, addressOf(uri))
    server.on('connection', (client) => gate.#relay(client))
    return gate
  }

  /** From now on connections go to another server, such as the same one after a restart. */
  aimAt(uri: string): void {
    this.#target = addressOf(uri)
  }

  /** Shows every command that passes, until something else is to see them. */
  watch(seen: ((command: WireCommand) => void) | undefined): void {
    this.#seen = seen
  }

  /** Holds back the next command that contains all the texts, and what follows on its connection. Resolves when there is one. */
  holdAt(...texts: readonly string[]): Promise<void> {
    return this.hold('before', (command) => texts.every((text) => command.has(text)))
  }

  /**
   * Holds back one command, or the answer to it when the server has done it, and what follows on its connection. Resolves
   * when there is one.
   *
   * @param matches Asked about every command until it says yes.
   */
  hold(when: 'before' | 'after', matches: (command: WireCommand) => boolean): Promise<void> {
    this.release()
    return new Promise((reached) => {
      let release = () => {}
      const released = new Promise<void>((resolve) => (release = resolve))
      this.#hold = { matches, when, reached, released, release, request: undefined }
    })
  }

  /** Lets through what is held back. */
  release(): void {
    this.#hold?.release()
    this.#hold = undefined
  }

  /** Cuts all connections; new ones pass. What is held back is lost. */
  cut(): void {
    for (const client of this.#clients) client.destroy()
    this.release()
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

  #relay(client: Socket): void {
    if (this.#isShut) {
      client.destroy()
      return
    }
    const server = connect(this.#target)
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
    let asked = Promise.resolve()
    let answered = Promise.resolve()
    const ask = intoMessages((message) => {
      asked = asked.then(() => this.#ask(message, client, server))
    })
    const answer = intoMessages((message) => {
      answered = answered.then(() => this.#answer(message, client))
    })
    client.on('data', ask)
    server.on('data', answer)
  }

  async #ask(message: Buffer, client: Socket, server: Socket): Promise<void> {
    const command = readCommand(message)
    if (command !== undefined) this.#seen?.(command)
    const hold = this.#hold
    if (command !== undefined && hold?.request === undefined && hold?.matches(command) === true) {
      hold.request = requestNumber(message)
      if (hold.when === 'before') {
        hold.reached()
        await hold.released
      }
    }
    // A connection that was cut meanwhile takes with it what was held back.
    if (!client.destroyed && !server.destroyed) server.write(message)
  }

  async #answer(message: Buffer, client: Socket): Promise<void> {
    const hold = this.#hold
    if (hold?.when === 'after' && hold.request === answeredNumber(message)) {
      hold.reached()
      await hold.released
    }
    if (!client.destroyed) client.write(message)
  }
}

function addressOf(uri: string): Address {
  const { hostname, port } = new URL(uri)
  return { host: hostname, port: Number(port === '' ? 27017 : port) }
}
