import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { onTestFinished } from 'vitest'
import type { Clock } from '@stage0/engine'
import { loadSettings, systemClock } from '@stage0/workspace'
import { buildConsoleApp } from '../console-app.ts'

/** A console on its own that listens, with a page, one script, and what it has logged; gone when the test ends. */
export async function consoleFor(
  upstream: string,
  sleep: Clock['sleep'] = systemClock.sleep,
): Promise<{ app: FastifyInstance; address: string; log: string[] }> {
  const consoleFolder = await mkdtemp(join(tmpdir(), 'stage0-console-'))
  await mkdir(join(consoleFolder, 'assets'))
  await writeFile(join(consoleFolder, 'index.html'), '<!doctype html><title>Stage0</title>')
  await writeFile(join(consoleFolder, 'assets/main-1a2b3c.js'), 'export {}')
  const settings = loadSettings({ env: {}, overrides: { API_URL: upstream } })
  if (!settings.ok) throw new Error('the settings of the test are wrong')
  const log: string[] = []
  const write = (line: string): void => void log.push(line)
  const app = await buildConsoleApp({
    settings: settings.value,
    consoleFolder,
    newId: () => 'request-1',
    sleep,
    log: { write },
  })
  onTestFinished(async () => {
    await app.close()
    await rm(consoleFolder, { recursive: true })
  })
  return { app, address: await app.listen({ host: '127.0.0.1', port: 0 }), log }
}

/** Something that answers in place of the API, at the port that is returned. */
export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

/** The same by HTTP, with its address. */
export const upstreamThat = async (answers: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listening(createServer(answers))}`

/** Everything that comes back for a request that is sent byte by byte as it is given, on a connection of its own. */
export async function sentRaw(address: string, head: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  let said = ''
  socket.on('data', (part) => (said += part.toString('latin1')))
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  await once(socket, 'close')
  return said
}
