import { type EmbeddedServer, startEmbedded } from '@stage0/embedded'
import { type AddressInfo, connect, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTarget } from '../target.ts'
import { type Scratch, type ScratchServer, value } from '../testing/scratch.ts'
import { never, recordNames, schema } from '../testing/target-parts.ts'
import { eachWithScratch } from '../testing/each.ts'

let server: ScratchServer
let scratch: Scratch
eachWithScratch((made, on) => ([scratch, server] = [made, on]))

describe('the connection', () => {
  it('W-08: is not cut off by a socket timeout of the connection string', async () => {
    const slow = value(
      await openTarget({
        uri: `${server.uri}${server.uri.includes('?') ? '&' : '?'}socketTimeoutMS=1`,
        database: scratch.name,
        recordNames,
      }),
    )
    value(await slow.createCollection('user', undefined, never))
    value(await slow.observe({}))
    await slow.close()
  })

  it('that breaks in the middle of a command leaves the outcome open, and says so', async () => {
    const { hosts } = scratch.db.client.options
    const proxy = createServer((socket) => {
      const upstream = connect(hosts[0]?.port ?? 27017, hosts[0]?.host ?? '127.0.0.1')
      const end = () => [socket, upstream].forEach((side) => side.destroy())
      socket
        .on('error', end)
        .on('close', end)
        .on('data', (bytes) => (bytes.includes('collMod') ? end() : upstream.write(bytes)))
      upstream
        .on('error', end)
        .on('close', end)
        .on('data', (bytes) => socket.write(bytes))
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo
    const broken = value(
      await openTarget({
        uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
        database: scratch.name,
        recordNames,
      }),
    )
    const lost = await broken.setValidator('user', schema, 'strict', 'error', never)
    expect(lost).toMatchObject({ ok: false, error: { kind: 'unreachable', code: 'TARGET_CONNECTION_LOST' } })
    await broken.close()
    await new Promise((resolve) => proxy.close(resolve))
  })

  it('W-19: is closed at the end, and says so afterwards', async () => {
    const other = await scratch.another()
    await other.close()
    expect(await other.lock.read()).toMatchObject({ ok: false, error: { kind: expect.any(String) } })
  })
})

describe('access control (an embedded server always: users are made for the test)', () => {
  let guarded: EmbeddedServer
  const as = async (user: string, password: string) => {
    const withUser = guarded.uri.replace('mongodb://', `mongodb://${user}:${password}@`)
    return openTarget({ uri: withUser, database: 'shop', recordNames })
  }
  beforeAll(async () => {
    guarded = await startEmbedded({
      users: [
        { user: 'root', password: 'hunter22', roles: ['root'] },
        { user: 'reader', password: 'hunter22', roles: [{ role: 'read', db: 'shop' }] },
      ],
    })
  })
  afterAll(() => guarded.close())

  it('wrong credentials are told as such, without the password', async () => {
    const opened = await as('root', 'wrongsecret')
    expect(opened).toMatchObject({
      ok: false,
      error: { code: 'TARGET_AUTHENTICATION_FAILED', kind: 'not-permitted' },
    })
    expect(JSON.stringify(opened)).not.toContain('wrongsecret')
  })

  it('a missing privilege is told with the command, and privileges are observed', async () => {
    const reader = value(await as('reader', 'hunter22'))
    try {
      const refused = await reader.createCollection('user', undefined, never)
      expect(refused).toMatchObject({
        ok: false,
        error: { code: 'TARGET_NOT_PERMITTED', kind: 'not-permitted', serverCode: 13 },
      })
      const { privileges } = value(await reader.observe({}))
      const onShop = privileges?.filter((privilege) => privilege.database === 'shop').flatMap(({ actions }) => actions)
      expect(onShop).toContain('find')
      expect(onShop).not.toContain('insert')
    } finally {
      await reader.close()
    }
  })
})
