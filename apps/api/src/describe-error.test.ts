import { describe, expect, it } from 'vitest'
import { redactFor } from '@stage0/mongo'
import { describeError } from './describe-error.ts'

const URI = 'mongodb://root:hu%23shed@db.example.org/?tls=true'
const tell = describeError(redactFor(URI))

describe('W-51: what the log tells of an error that quotes the connection string', () => {
  const error = (message: string, more: object = {}, cause?: unknown) =>
    Object.assign(new Error(message, { cause }), more)

  it.each<[string, unknown]>([
    ['in its message', error(`no host in ${URI}`)],
    ['in its message, decoded', error('authentication of root with hu#shed failed')],
    ['in its cause', error('not connected', {}, error(`no host in ${URI}`))],
    ['in a property, as an error of an address has it', error('Invalid URL', { code: 'ERR_INVALID_URL', input: URI })],
    ['deep in a property', error('no', { options: { hosts: [{ credentials: { password: 'hu#shed' } }] } })],
    ['as an address', error('no', { address: new URL(URI) })],
    ['in one of several', new AggregateError([error(`no host in ${URI}`)], 'all failed')],
    ['without being an error', `no host in ${URI}`],
  ])('is without the password %s', (_, thrown) => {
    const told = JSON.stringify(tell(thrown))
    expect(told).not.toMatch(/hu%23shed|hu#shed/)
    expect(told).toContain('***')
  })

  it('keeps what else the error says, and where it came from', () => {
    const told = tell(error('it broke', { code: 'E_BROKEN' }, error('a gear is missing')))
    expect(told).toMatchObject({
      type: 'Error',
      message: 'it broke',
      code: 'E_BROKEN',
      cause: { message: 'a gear is missing' },
      stack: expect.stringContaining('describe-error.test'),
    })
  })

  it('comes to an end in an error that refers to itself', () => {
    const loop = error('round and round')
    expect(JSON.stringify(tell(Object.assign(loop, { self: loop, box: { loop } })))).toContain('round and round')
  })
})
