import { startEmbedded } from '@stage0/embedded'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openConnection } from './connect.ts'

/** Tries to connect to a server of its own; the options follow its address. */
async function connecting(set: string | undefined, options: string) {
  const server = await startEmbedded(set === undefined ? {} : { replicaSet: set })
  onTestFinished(() => server.close())
  const address = new URL(server.uri).host
  const opened = await openConnection({
    uri: `mongodb://${address}/?${options}&serverSelectionTimeoutMS=2000`,
    database: 'shop',
  })
  if (opened.ok) {
    onTestFinished(() => opened.value.close())
    return { address, error: undefined, hasPrimary: opened.value.hasPrimary() }
  }
  return { address, error: opened.error, hasPrimary: false }
}

describe('a connection string that names a replica set', () => {
  it.each(['replicaSet=orders', 'replicaSet=orders&directConnection=true'])(
    'of another name than the server has is told both names: %s',
    async (options) => {
      const { address, error } = await connecting('rs0', options)
      expect(error).toMatchObject({
        code: 'CONNECTION_STRING_INVALID',
        message: `The server at ${address} answered, but it is in the replica set "rs0", and the connection string names "orders".`,
        hint: expect.stringContaining('replicaSet=rs0'),
      })
    },
  )

  it('while the server is in none is told so', async () => {
    const { error } = await connecting(undefined, 'replicaSet=orders')
    expect(error).toMatchObject({
      code: 'CONNECTION_STRING_INVALID',
      message: expect.stringContaining('is not in a replica set'),
      hint: expect.stringContaining('Leave `replicaSet` out'),
    })
  })

  it('that the server has connects, and knows its primary', async () => {
    expect(await connecting('rs0', 'replicaSet=rs0')).toMatchObject({ error: undefined, hasPrimary: true })
  })

  it('and where no server answers says that', async () => {
    const opened = await openConnection({
      uri: 'mongodb://127.0.0.1:1/?replicaSet=orders&serverSelectionTimeoutMS=300',
      database: 'shop',
    })
    expect(opened).toMatchObject({ ok: false, error: { code: 'TARGET_UNREACHABLE' } })
  })
})
