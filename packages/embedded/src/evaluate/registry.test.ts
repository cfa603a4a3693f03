import { describe, expect, it } from 'vitest'
import { compileFilter } from './compile-filter.ts'
import { compilePipeline } from './compile-pipeline.ts'
import { compileUpdate } from './compile-update.ts'
import { OPERATORS, REFUSED } from './registry.ts'
import { ServerError } from '../server-error.ts'
import { testContext } from './testing/context.ts'
import { jsonDoc } from './testing/json.ts'

/** What compiling says: nothing, or the message of the refusal. */
function refusal(compile: () => unknown): string {
  try {
    compile()
    return ''
  } catch (error) {
    if (error instanceof ServerError) return error.message
    throw error
  }
}

const pipeline = (stage: string): unknown => compilePipeline([jsonDoc(stage)], testContext(), { read: () => [] })

describe('the registry', () => {
  it('holds only names that the compilers know', () => {
    for (const name of OPERATORS.expressions) {
      expect(refusal(() => pipeline(`{"$project":{"r":{"${name}":1}}}`))).not.toContain('Unrecognized expression')
    }
    for (const name of OPERATORS.stages) {
      expect(refusal(() => pipeline(`{"${name}":1}`))).not.toContain('Unrecognized pipeline stage')
    }
    for (const name of OPERATORS.accumulators) {
      expect(refusal(() => pipeline(`{"$group":{"_id":1,"r":{"${name}":1}}}`))).not.toContain('unknown group operator')
    }
    for (const name of OPERATORS.updates) {
      expect(refusal(() => compileUpdate(jsonDoc(`{"${name}":{"a":1}}`), testContext()))).not.toContain(
        'Unknown modifier',
      )
    }
    for (const name of OPERATORS.filters) {
      const found = [`{"${name}":1}`, `{"a":{"${name}":1}}`].map((each) =>
        refusal(() => compileFilter(jsonDoc(each), testContext())),
      )
      expect(found.some((message) => !message.startsWith('unknown '))).toBe(true)
    }
  })

  it('names what is refused apart from what is supported', () => {
    expect(REFUSED.stages.filter((name) => OPERATORS.stages.includes(name))).toEqual([])
    expect(REFUSED.filters.filter((name) => OPERATORS.filters.includes(name))).toEqual([])
    for (const name of REFUSED.stages) expect(refusal(() => pipeline(`{"${name}":{}}`))).not.toBe('')
  })

  it('covers every expression operator that the product needs', () => {
    for (const name of [
      '$concat',
      '$dateToString',
      '$mergeObjects',
      '$regexMatch',
      '$setUnion',
      '$switch',
      '$toObjectId',
      '$sortArray',
    ]) {
      expect(OPERATORS.expressions).toContain(name)
    }
  })
})
