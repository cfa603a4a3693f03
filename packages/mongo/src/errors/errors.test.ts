import { ERRORS } from '@stage0/types'
import { MongoNetworkError, MongoServerError } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { redactFor } from '../connection/redact.ts'
import { UnsendableValueError } from '../driver-values.ts'
import { isTlsFailure } from './tls-failure.ts'
import { targetError, TargetFailure } from './target-error.ts'
import { attemptWith, translate } from './translate.ts'
import { violationsOf, violationText } from './violations.ts'

const redact = redactFor('mongodb://ada:s3cret!@db.example/')
const of = (cause: unknown) => translate(cause, 'do it', redact)
const server = (code: number, errmsg: string, more: object = {}) =>
  of(new MongoServerError({ code, codeName: 'X', errmsg, ...more }))

describe('an error of the server', () => {
  it.each([
    [18, 'not-permitted', 'TARGET_AUTHENTICATION_FAILED'],
    [8000, 'not-permitted', 'TARGET_AUTHENTICATION_FAILED'],
    [13, 'not-permitted', 'TARGET_NOT_PERMITTED'],
    [85, 'refused', 'INDEX_CONFLICT'],
    [86, 'refused', 'INDEX_CONFLICT'],
    [67, 'refused', 'INDEX_REFUSED'],
    [197, 'refused', 'INDEX_REFUSED'],
    [50, 'refused', 'TARGET_TIME_LIMIT'],
    [64, 'refused', 'TARGET_NOT_DURABLE'],
    [10107, 'unreachable', 'TARGET_CONNECTION_LOST'],
    [11000, 'refused', 'DUPLICATE_KEY'],
    [121, 'refused', 'DOCUMENT_INVALID'],
    [424242, 'refused', 'TARGET_REFUSED'],
  ])('%i becomes %s %s with what was tried, a hint and the server code', (code, kind, ours) => {
    const error = server(code, 'because')
    expect(error).toMatchObject({ kind, code: ours, serverCode: code, hint: ERRORS[ours as keyof typeof ERRORS].fix })
    expect(error?.message).toMatch(/^Could not do it: .*\.$/)
  })

  it('names the value of a duplicate key, and the index', () => {
    const error = server(11000, 'E11000 duplicate key error collection: a.b index: byName dup key: { name: "x" }', {
      keyPattern: { name: 1 },
      keyValue: { name: 'x' },
    })
    expect(error?.message).toBe('Could not do it: the unique index "byName" allows a value once: {"name":"x"}.')
    expect(error?.detail).toEqual({ index: 'byName', keyPattern: { name: 1 }, keyValue: { name: 'x' } })
  })

  it.each<[string, number, string, object]>([
    [
      'a duplicate key',
      11000,
      'E11000 dup key: { name: "Ada" }',
      { keyPattern: { name: 1 }, keyValue: { name: 'Ada' } },
    ],
    ['a refused document', 121, 'failed', { errInfo: { failingDocumentId: 'Ada', details: { name: 'Ada' } } }],
    ['a value that cannot be converted', 241, "Failed to parse number 'Ada' in $convert", {}],
  ])('tells %s without its values where these are to stay in the database', (_what, code, errmsg, more) => {
    const cause = new MongoServerError({ code, codeName: 'X', errmsg, ...more })
    expect(JSON.stringify(translate(cause, 'do it', redact))).toContain('Ada')
    const hidden = translate(cause, 'do it', redact, true)
    expect(hidden).toMatchObject({ serverCode: code })
    expect(hidden?.message).toContain('values are not shown: EVIDENCE_SAMPLES is 0')
    expect(JSON.stringify(hidden)).not.toContain('Ada')
  })

  it('keeps what tells how to correct a definition, which names no value', () => {
    const cause = new MongoServerError({ code: 67, codeName: 'CannotCreateIndex', errmsg: 'bad key' })
    expect(translate(cause, 'do it', redact, true)?.message).toContain('bad key')
  })

  it('shows the command that is not permitted, not the data in it', () => {
    const error = server(13, 'not authorized on shop to execute command { collMod: "user", validator: { secret: 1 } }')
    expect(error?.message).toBe('Could not do it: the connected user may not run "collMod" on database "shop".')
  })

  it('never shows a password, not even one that the server echoes', () => {
    const error = server(11000, 'x', { keyValue: { note: 's3cret!' } })
    expect(JSON.stringify(error)).not.toContain('s3cret')
    expect(JSON.stringify(server(2, 'mongodb://ada:s3cret!@db.example/ is wrong'))).not.toMatch(/s3cret|db\.example/)
  })
})

describe('other failures', () => {
  it('a broken connection says that the outcome is not known', () => {
    expect(of(new MongoNetworkError('socket closed'))).toMatchObject({
      kind: 'unreachable',
      code: 'TARGET_CONNECTION_LOST',
    })
    expect(of(new MongoNetworkError('socket closed'))?.message).toContain('whether it took effect is not known')
  })
  it('a certificate that is not trusted is a failure of TLS, also deep inside', () => {
    const certificate = Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(of(new MongoNetworkError('closed', { cause: certificate }))).toMatchObject({ code: 'TARGET_TLS_FAILED' })
    expect(isTlsFailure(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBe(false)
  })
  it('a stop by signal is told as one', () => {
    expect(of(new DOMException('stop', 'AbortError'))).toMatchObject({ code: 'TARGET_STOPPED', kind: 'stopped' })
  })
  it('a server that does not answer in time is not reachable', () => {
    expect(of(new DOMException('late', 'TimeoutError'))).toMatchObject({
      kind: 'unreachable',
      code: 'TARGET_TIME_LIMIT',
    })
  })
  it('a value that no driver sends is named by its place', () => {
    expect(of(new UnsendableValueError('a.0', 'undefined'))).toMatchObject({ code: 'VALUE_NOT_SENDABLE' })
  })
  it('our own findings pass as they are', () => {
    const error = targetError('lost-lock', 'LOCK_LOST', 'gone')
    expect(of(new TargetFailure(error))).toBe(error)
  })
  it('a defect is thrown, not returned', async () => {
    expect(of(new TypeError('oops'))).toBeUndefined()
    await expect(attemptWith(redact)('do it', () => Promise.reject(new TypeError('oops')))).rejects.toThrow('oops')
  })
})

describe('the explanation of error 121', () => {
  const errInfo = {
    failingDocumentId: 1,
    details: {
      operatorName: '$jsonSchema',
      schemaRulesNotSatisfied: [
        {
          operatorName: 'properties',
          propertiesNotSatisfied: [
            {
              propertyName: 'age',
              description: 'Age in years',
              details: [
                {
                  operatorName: 'minimum',
                  specifiedAs: { minimum: 0 },
                  reason: 'comparison failed',
                  consideredValue: -1,
                },
              ],
            },
            {
              propertyName: 'tags',
              details: [
                {
                  operatorName: 'items',
                  reason: 'At least one item did not match',
                  itemIndex: 2,
                  details: [
                    {
                      operatorName: 'bsonType',
                      specifiedAs: { bsonType: 'string' },
                      consideredValue: 5,
                      consideredType: 'int',
                    },
                  ],
                },
              ],
            },
          ],
        },
        { operatorName: 'required', specifiedAs: { required: ['name'] }, missingProperties: ['name'] },
        {
          operatorName: 'additionalProperties',
          specifiedAs: { additionalProperties: false },
          additionalProperties: ['x'],
        },
      ],
    },
  }
  it('names path, rule, expected and actual of each', () => {
    expect(violationsOf(errInfo).map(violationText)).toEqual([
      'field "age": minimum expected 0, found -1 (Age in years)',
      'field "tags.2": bsonType expected string, found 5 (int)',
      'field "name": required expected a value, found nothing',
      'field "x": additionalProperties expected no such field, found one',
    ])
  })
  it.each([undefined, null, 5, 'x', {}, { details: [] }, { details: { operatorName: 7 } }])(
    'takes %j for nothing',
    (info) => {
      expect(violationsOf(info)).toEqual([])
    },
  )
  it('goes into the message of the error, shortened, with all of it as detail', () => {
    const error = server(121, 'Document failed validation', { errInfo })
    expect(error?.message).toContain(
      'the document with _id 1 does not match the validator: field "age": minimum expected 0',
    )
    expect(error?.message).toContain('and 1 more')
    expect((error?.detail as { violations: unknown[] }).violations).toHaveLength(4)
  })
})
