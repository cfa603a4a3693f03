import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** A document with which npm publishes, and as the registry tells it, as far as it counts here. */
interface Packument {
  readonly name: string
  readonly versions: Readonly<Record<string, object>>
  readonly 'dist-tags': Readonly<Record<string, string>>
}
interface Published extends Packument {
  readonly _attachments: Readonly<Record<string, { readonly data: string }>>
}

export interface Registry {
  /** `http://127.0.0.1:<port>/`. */
  readonly address: string
  readonly packages: Map<string, Packument>
  /** Each request as "METHOD name". */
  readonly asked: string[]
  /** Takes an answer over, where it returns true. */
  fault: (request: string, response: ServerResponse, when: 'before' | 'after') => boolean
  readonly close: () => Promise<void>
}

/** A registry of npm on this machine, in memory: what `npm view` and `npm publish` need of it. */
export async function startRegistry(): Promise<Registry> {
  const packages = new Map<string, Packument>()
  const asked: string[] = []
  const server = createServer((request, response) => void answer(request, response))
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = decodeURIComponent((request.url ?? '').slice(1).split('?')[0] ?? '')
    const what = `${request.method ?? ''} ${name}`
    asked.push(what)
    const say = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const body = request.method === 'PUT' ? ((await json(request)) as Published) : undefined
    if (registry.fault(what, response, 'before')) return
    if (body === undefined) {
      const found = packages.get(name)
      if (found === undefined) say(404, { error: 'Not found' })
      else say(200, found)
      return
    }
    const known = packages.get(name)
    const again = Object.keys(body.versions).find((version) => known?.versions[version] !== undefined)
    if (again !== undefined) {
      say(403, { error: `You cannot publish over ${again}.` })
      return
    }
    packages.set(name, {
      name,
      versions: { ...known?.versions, ...body.versions },
      'dist-tags': { ...known?.['dist-tags'], ...body['dist-tags'] },
    })
    if (!registry.fault(what, response, 'after')) say(201, { ok: true })
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const registry: Registry = {
    ...{ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, packages, asked },
    fault: () => false,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return registry
}

/** What npm writes as the integrity of these bytes. */
export const sha512 = (bytes: Buffer): string => `sha512-${createHash('sha512').update(bytes).digest('base64')}`
