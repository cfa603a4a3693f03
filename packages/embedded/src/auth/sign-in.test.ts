import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbedded, type EmbeddedServer } from '../server.ts'
import { failureOf } from '../testing/test-server.ts'

const USERS = [
  { user: 'root', password: 'pässword', roles: ['root'] },
  { user: 'writer', password: 'w', roles: [{ role: 'readWrite', db: 'app' }] },
  { user: 'reader', password: 'r', roles: [{ role: 'read', db: 'app' }] },
  {
    user: 'narrow',
    password: 'n',
    privileges: [{ resource: { db: 'app', collection: 'one' }, actions: ['find', 'insert'] }],
  },
]

describe('sign-in', () => {
  let server: EmbeddedServer
  const clients: MongoClient[] = []
  const as = (username: string, password: string): MongoClient => {
    const client = new MongoClient(server.uri, {
      auth: { username, password },
      authMechanism: 'SCRAM-SHA-256',
      serverSelectionTimeoutMS: 3_000,
    })
    clients.push(client)
    return client
  }
  beforeAll(async () => {
    server = await startEmbedded({ users: USERS })
    await as('root', 'pässword').db('app').collection('one').insertOne({ a: 1 })
  })
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()))
    await server.close()
  })

  it('lets nobody in without credentials, but answers hello', async () => {
    const client = new MongoClient(server.uri)
    clients.push(client)
    expect(await client.db('admin').command({ hello: 1 })).toMatchObject({ ok: 1 })
    expect(await failureOf(client.db('app').collection('one').findOne())).toMatchObject({
      code: 13,
      codeName: 'Unauthorized',
      message: 'Command find requires authentication',
    })
  })

  it.for([
    ['root', 'wrong'],
    ['nobody', 'x'],
  ] as const)('refuses %s with the password %s with code 18', async ([user, password]) => {
    expect(await failureOf(as(user, password).db('app').command({ ping: 1 }))).toMatchObject({
      code: 18,
      codeName: 'AuthenticationFailed',
      message: 'Authentication failed.',
    })
  })

  it('works without naming the mechanism', async () => {
    const client = new MongoClient(server.uri.replace('//', '//writer:w@'))
    clients.push(client)
    expect(await client.db('app').collection('one').countDocuments()).toBe(1)
  })

  it('tells roles and privileges', async () => {
    const reply = await as('reader', 'r').db('app').command({ connectionStatus: 1, showPrivileges: true })
    expect(reply['authInfo']).toMatchObject({
      authenticatedUsers: [{ user: 'reader', db: 'admin' }],
      authenticatedUserRoles: [{ role: 'read', db: 'app' }],
      authenticatedUserPrivileges: [
        { resource: { db: 'app', collection: '' }, actions: expect.arrayContaining(['find', 'listCollections']) },
      ],
    })
  })

  it('says what is not allowed, as the server says it', async () => {
    const app = as('reader', 'r').db('app')
    expect(await app.collection('one').countDocuments()).toBe(1)
    const failure = await failureOf(app.command({ insert: 'one', documents: [{ _id: 1 }] }))
    expect(failure).toMatchObject({ code: 13, codeName: 'Unauthorized' })
    expect(failure['message']).toMatch(/^not authorized on app to execute command \{ insert: "one"/)
    expect(await failureOf(app.collection('one').updateOne({}, { $set: { a: 2 } }))).toMatchObject({ code: 13 })
    expect(
      await failureOf(
        app
          .collection('one')
          .aggregate([{ $out: 'two' }])
          .toArray(),
      ),
    ).toMatchObject({ code: 13 })
    expect(await failureOf(as('reader', 'r').db('other').collection('x').findOne())).toMatchObject({ code: 13 })
  })

  it('asks for a privilege of its own to go round the rules, to change them, and to look elsewhere', async () => {
    const app = as('writer', 'w').db('app')
    await app.collection('one').insertOne({ a: 2 })
    expect(
      await failureOf(app.collection('one').insertOne({ a: 3 }, { bypassDocumentValidation: true })),
    ).toMatchObject({ code: 13 })
    expect(await failureOf(app.command({ collMod: 'one', validator: {} }))).toMatchObject({ code: 13 })
    expect(
      await failureOf(
        app
          .collection('one')
          .aggregate([{ $unionWith: { coll: 'x', pipeline: [] } }, { $merge: { into: { db: 'other', coll: 'y' } } }])
          .toArray(),
      ),
    ).toMatchObject({ code: 13 })
  })

  it('takes a flag for set whatever number sets it', async () => {
    const app = as('writer', 'w').db('app')
    const insert = { insert: 'one', documents: [{ a: 3 }], bypassDocumentValidation: 1 }
    expect(await failureOf(app.command(insert))).toMatchObject({ code: 13 })
    const out = { aggregate: 'one', pipeline: [{ $out: 'two' }], cursor: {}, bypassDocumentValidation: 1 }
    expect(await failureOf(app.command(out))).toMatchObject({ code: 13 })
    const narrow = as('narrow', 'n').db('app')
    const upsert = { update: 'one', updates: [{ q: { _id: 77 }, u: { a: 1 }, upsert: 1 }] }
    expect(await failureOf(narrow.command(upsert))).toMatchObject({ code: 13 })
    expect(await failureOf(narrow.command({ findAndModify: 'one', remove: 1 }))).toMatchObject({ code: 13 })
  })

  it('explains only what the user may run', async () => {
    const app = as('narrow', 'n').db('app')
    const command = { aggregate: 'one', pipeline: [{ $lookup: { from: 'two', pipeline: [], as: 'x' } }], cursor: {} }
    expect(await failureOf(app.command({ explain: command }))).toMatchObject({ code: 13 })
    expect(await app.command({ explain: { find: 'one' } })).toHaveProperty('queryPlanner')
  })

  it('holds a user to the privileges that were listed', async () => {
    const app = as('narrow', 'n').db('app')
    await app.collection('one').insertOne({ b: 1 })
    expect(await failureOf(app.collection('two').findOne())).toMatchObject({ code: 13 })
    expect(await failureOf(app.collection('one').deleteMany({}))).toMatchObject({ code: 13 })
    expect(await failureOf(app.listCollections({}, { nameOnly: false }).toArray())).toMatchObject({ code: 13 })
    expect(await app.listCollections({}, { nameOnly: true, authorizedCollections: true }).toArray()).toMatchObject([
      { name: 'one' },
    ])
  })

  it('refuses other mechanisms and roles that do not exist', async () => {
    const client = new MongoClient(server.uri, {
      auth: { username: 'root', password: 'x' },
      authMechanism: 'SCRAM-SHA-1',
    })
    clients.push(client)
    expect(await failureOf(client.db('app').command({ ping: 1 }))).toMatchObject({ code: 334 })
    await expect(startEmbedded({ users: [{ user: 'a', password: 'b', roles: ['emperor'] }] })).rejects.toThrow(
      'emperor',
    )
  })
})
