import { describe, expect, it } from 'vitest'
import { ERRORS } from './catalogue.ts'
import { COMMAND_ERRORS } from './command.ts'
import { EMBEDDED_ERRORS } from './embedded.ts'
import { ENGINE_ERRORS } from './engine.ts'
import { EVIDENCE_ERRORS } from './evidence.ts'
import { HTTP_ERRORS } from './http.ts'
import { REPOSITORY_ERRORS } from './repository.ts'
import { SCHEMA_ERRORS } from './schema.ts'

describe('the error catalogue', () => {
  it('gives a code one meaning: no two areas have the same one', () => {
    const codes = [
      REPOSITORY_ERRORS,
      SCHEMA_ERRORS,
      ENGINE_ERRORS,
      COMMAND_ERRORS,
      EMBEDDED_ERRORS,
      EVIDENCE_ERRORS,
      HTTP_ERRORS,
    ].flatMap((area) => Object.keys(area))
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([])
    expect(Object.keys(ERRORS).sort()).toEqual([...codes].sort())
  })

  it.each(Object.entries(ERRORS))('has title, cause and fix for %s', (_code, entry) => {
    for (const text of [entry.title, entry.cause, entry.fix]) expect(text.trim()).not.toBe('')
  })
})
