import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface CuttingProxy {
  readonly port: number
  /** The next command of one of these names is carried out, and its connection is cut before the reply. */
  cutNextReplyTo(...commands: string[]): void
  cuts(): number
  close(): Promise<void>
}

/** Stands between a client and a server on this machine, and loses replies when it is told to. */
export async function cuttingProxy(target: number): Promise<CuttingProxy> {
  let wanted: readonly string[] = []
  let cuts = 0
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    let isDoomed = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (chunk: Buffer) => {
      // The name of the command is the first field of the document after header, flags and kind.
      const name = chunk.toString('latin1', 16 + 5 + 4 + 1, chunk.indexOf(0, 16 + 5 + 4 + 1))
      if (wanted.includes(name)) {
        isDoomed = true
        wanted = []
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      if (!isDoomed) return void client.write(chunk)
      cuts++
      client.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cutNextReplyTo: (...commands) => {
      wanted = commands
    },
    cuts: () => cuts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
