import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Where a connection breaks: before the server has read the command, or when it has answered it. */
export type Break = 'before' | 'after'

/** A way to a server on which a test can cut connections. Development only. */
export interface Relay {
  readonly uri: string
  /** Cuts the connection of the next message that holds `text`, once. */
  cut(text: string, where: Break): void
  close(): Promise<void>
}

/** @param uri Of one server on this machine or another. */
export async function startRelay(uri: string): Promise<Relay> {
  const { hostname, port } = new URL(uri.replace('mongodb://', 'http://'))
  const cuts: { readonly text: string; readonly where: Break }[] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(port || 27_017), hostname)
    let isDoomed = false
    const end = (): void => [client, upstream].forEach((side) => side.destroy())
    for (const side of [client, upstream]) sockets.add(side.on('error', end).on('close', end))
    client.on('data', (bytes) => {
      const at = cuts.findIndex(({ text }) => bytes.includes(text))
      const [found] = at < 0 ? [] : cuts.splice(at, 1)
      if (found?.where === 'before') return end()
      isDoomed ||= found?.where === 'after'
      upstream.write(bytes)
    })
    // The answer shows that the server is done: it is the answer that gets lost.
    upstream.on('data', (bytes) => (isDoomed ? end() : client.write(bytes)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/?directConnection=true`,
    cut: (text, where) => cuts.push({ text, where }),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
