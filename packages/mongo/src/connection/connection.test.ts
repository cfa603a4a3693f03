import { describe, expect, it } from 'vitest'
import { databaseNameProblem } from './database-name.ts'
import { openConnection } from './connect.ts'
import { redactFor } from './redact.ts'
import { tlsProblem, type EffectiveTls } from './tls-rule.ts'

describe('a database name', () => {
  it.each([
    ['', 'is empty'],
    ['x'.repeat(64), 'is longer than 63 bytes'],
    ['a.b', 'contains "."'],
    ['a b', 'contains " "'],
    ['a/b', 'contains "/"'],
    ['admin', 'is kept by MongoDB for itself'],
    ['Local', 'is kept by MongoDB for itself'],
  ])('%j is refused: it %s', (name, why) => {
    expect(databaseNameProblem(name)).toMatchObject({
      code: 'DATABASE_NAME_INVALID',
      message: expect.stringContaining(why),
    })
  })
  it.each(['mentorhub', 'x'.repeat(63), 'é-1_'])('%j is accepted', (name) => {
    expect(databaseNameProblem(name)).toBeUndefined()
  })
})

describe('a text that is shown', () => {
  it.each([
    ['the whole connection string', 'mongodb://ada:s3cret!@db.example/'],
    ['any other connection string', 'tried mongodb+srv://bob:hunter2@other.example/x first'],
    ['the password as it is written', 'bad p%40ssword here'],
    ['the password as it is meant', 'bad p@ssword here'],
  ])('does not hold %s', (_what, text) => {
    const uri = text.startsWith('mongodb://ada') ? text : 'mongodb://ada:p%40ssword@db.example/'
    expect(redactFor(uri)(text)).not.toMatch(/s3cret|hunter2|p@ssword|p%40ssword/)
  })
  it('is left alone otherwise', () => {
    expect(redactFor('mongodb://127.0.0.1/')('no server answered at 127.0.0.1')).toBe('no server answered at 127.0.0.1')
  })
})

describe('W-47: the rule that requires TLS', () => {
  const remote: EffectiveTls = { hosts: ['db.example'], srvHost: undefined, tls: true, verified: true }
  it.each<[string, EffectiveTls, string | undefined]>([
    ['accepts TLS, whatever the scheme', remote, undefined],
    ['accepts srv with TLS', { ...remote, hosts: [], srvHost: 'db.example' }, undefined],
    ['refuses no TLS', { ...remote, tls: false }, 'TLS_REQUIRED'],
    ['refuses srv that turns TLS off', { ...remote, hosts: [], srvHost: 'db.example', tls: false }, 'TLS_REQUIRED'],
    ['refuses TLS without verification', { ...remote, verified: false }, 'TLS_NOT_VERIFIED'],
    ['does not ask it of this machine', { ...remote, hosts: ['127.0.0.1', '::1', 'localhost'], tls: false }, undefined],
    [
      'asks it as soon as one host is another',
      { ...remote, hosts: ['127.0.0.1', 'db.example'], tls: false },
      'TLS_REQUIRED',
    ],
    [
      'is not fooled by a name that looks local',
      { ...remote, hosts: ['localhost.evil.example'], tls: false },
      'TLS_REQUIRED',
    ],
  ])('%s', (_what, target, code) => {
    expect(tlsProblem(target, true)?.code).toBe(code)
    expect(tlsProblem(target, false)).toBeUndefined()
  })

  const refusal = async (uri: string, requireTls = true): Promise<string | undefined> => {
    const opened = await openConnection({ uri, database: 'x', requireTls, serverSelectionTimeoutMs: 50 })
    if (opened.ok) await opened.value.close()
    return opened.ok ? undefined : opened.error.code
  }
  it.each([
    ['mongodb://db.invalid/', 'TLS_REQUIRED'],
    ['mongodb://db.invalid/?tls=false', 'TLS_REQUIRED'],
    ['mongodb+srv://db.invalid/?tls=false', 'TLS_REQUIRED'],
    ['mongodb://db.invalid/?tls=true&tlsInsecure=true', 'TLS_NOT_VERIFIED'],
    ['mongodb://db.invalid/?tls=true&tlsAllowInvalidCertificates=true', 'TLS_NOT_VERIFIED'],
    ['mongodb+srv://db.invalid/?tlsAllowInvalidHostnames=true', 'TLS_NOT_VERIFIED'],
    ['mongodb://127.0.0.1:1/?tls=true', 'TARGET_UNREACHABLE'],
    ['mongodb://127.0.0.1:1/', 'TARGET_UNREACHABLE'],
  ])('judges the options that the driver really uses: %s', async (uri, code) => {
    expect(await refusal(uri)).toBe(code)
  })
})

describe('a connection string that is not valid', () => {
  it('a name that the name service does not know is no wrong connection string', async () => {
    const opened = await openConnection({
      uri: 'mongodb+srv://db.invalid/',
      database: 'x',
      serverSelectionTimeoutMs: 50,
    })
    expect(opened).toMatchObject({ ok: false, error: { kind: 'unreachable', code: 'TARGET_UNREACHABLE' } })
  })
  it.each([
    ['http://db.example/', 'must begin with mongodb://'],
    ['', 'must begin with mongodb://'],
    ['mongodb://ada:hun/ter@two@db.example/', 'percent-encoded'],
    ['mongodb://ada:hun?tertwo@db.example/', 'percent-encoded'],
    ['mongodb://db.example/?nosuchoption=1', 'nosuchoption'],
    ['mongodb://db.example/?tls=true&tlsCAFile=/nosuch/file.pem', 'no such file'],
  ])('%s is refused with the reason, and without a password', async (uri, why) => {
    const opened = await openConnection({ uri, database: 'x', serverSelectionTimeoutMs: 50 })
    if (opened.ok) await opened.value.close()
    expect(opened).toMatchObject({ ok: false, error: { code: 'CONNECTION_STRING_INVALID' } })
    const { message } = (opened as { error: { message: string } }).error
    expect(message).toMatch(new RegExp(why))
    expect(message).not.toMatch(/hun|ter@?two/)
  })
})
