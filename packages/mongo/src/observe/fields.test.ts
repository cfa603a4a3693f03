import { createRequire } from 'node:module'
import { Binary } from 'bson'
import { describe, expect, it } from 'vitest'
import { uuidHex } from './fields.ts'

const BYTES = Buffer.from('00112233445566778899aabbccddeeff', 'hex')

describe('the UUID of a collection', () => {
  // The driver loads `bson` as CommonJS, our reader as a module: two classes of one name, and values of both kinds.
  const driverFile = createRequire(import.meta.url).resolve('mongodb')
  const commonJs = createRequire(driverFile)('bson') as { readonly Binary: typeof Binary }

  it.each([
    ['the module', Binary],
    ['the driver', commonJs.Binary],
  ])('is read whichever copy of bson made it: %s', (_whose, Made) => {
    expect(uuidHex(new Made(BYTES, 4))).toBe('00112233445566778899aabbccddeeff')
  })

  it('is nothing for any other value', () => {
    expect([uuidHex(undefined), uuidHex('0011'), uuidHex(5)]).toEqual([undefined, undefined, undefined])
  })
})
