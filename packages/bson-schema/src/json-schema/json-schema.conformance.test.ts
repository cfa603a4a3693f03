import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sharedFolder } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import { readExtendedJson } from '../json/read-json.ts'
import type { Doc, Value } from '../value.ts'
import { compileSchema } from './compile-schema.ts'

const folder = sharedFolder('vectors')
if (folder === undefined) console.log('json-schema conformance skipped: the folder of shared vectors is absent')

const CODES: Readonly<Record<string, number>> = { BadValue: 2, FailedToParse: 9, TypeMismatch: 14 }

function vectors(file: string): readonly Doc[] {
  if (folder === undefined) return []
  const result = readExtendedJson(readFileSync(join(folder, file), 'utf8'))
  if (!result.ok) throw new Error(`${file}: ${result.error.message} at ${result.error.offset}`)
  return result.value as readonly Doc[]
}

const named = (list: readonly Doc[]): readonly (readonly [Value | undefined, Doc])[] =>
  list.map((vector) => [vector.get('id'), vector])

describe.skipIf(folder === undefined)('documents against schemas', () => {
  const list = vectors('json-schema.match.json')
  it('has vectors', () => expect(list.length).toBeGreaterThan(800))

  it.each(named(list))('%s', (_, vector) => {
    const compiled = compileSchema(vector.get('schema') as Doc)
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error))
    const document = vector.get('doc') as Doc
    expect(compiled.value.matches(document)).toBe(vector.get('valid'))
    expect(compiled.value.explain(document) === undefined).toBe(vector.get('valid'))
  })
})

describe.skipIf(folder === undefined)('schemas that a server refuses', () => {
  const list = vectors('json-schema.invalid.json')
  it('has vectors', () => expect(list.length).toBeGreaterThan(150))

  it.each(named(list))('%s', (_, vector) => {
    const compiled = compileSchema(vector.get('schema') as Doc)
    const codes = compiled.ok ? [] : compiled.error.map((error) => error.code)
    const name = vector.get('codeName')
    expect(codes.length).toBeGreaterThan(0)
    if (typeof name === 'string') expect(codes).toEqual([CODES[name]])
  })
})
