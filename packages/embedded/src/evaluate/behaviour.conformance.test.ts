import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, isArray, isDoc, readExtendedJson, type Doc, type Value } from '@stage0/bson-schema'
import { sharedFolder } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import { ServerError } from '../server-error.ts'
import { BEHAVIOUR_EXCEPTIONS } from './behaviour-exceptions.ts'
import { TestCollections, docs } from './testing/collections.ts'

const folder = sharedFolder('vectors')
if (folder === undefined) console.warn('behaviour facts skipped: the shared vectors are not beside the project')

interface Fact {
  readonly name: string
  readonly spec: Doc
}

function readFacts(path: string): Fact[] {
  const read = readExtendedJson(readFileSync(path, 'utf8'))
  if (!read.ok) throw new Error('behaviour.json is not Extended JSON')
  return docs(read.value).map((spec) => ({ name: `${String(spec.get('area'))}: ${String(spec.get('name'))}`, spec }))
}

const text = (spec: Doc, key: string): string | undefined => {
  const value = spec.get(key)
  return typeof value === 'string' ? value : undefined
}
const document = (spec: Doc, key: string): Doc | undefined => {
  const value = spec.get(key)
  return isDoc(value) ? value : undefined
}

/** Runs one command of a fact and gives its documents; an update gives the collection as it is then. */
function run(collections: TestCollections, command: Doc): readonly Doc[] {
  const filter = document(command, 'filter')
  const found = text(command, 'find')
  if (found !== undefined && filter !== undefined) {
    const locale = document(command, 'collation')?.get('locale')
    const collation = typeof locale === 'string' ? new Intl.Collator(locale).compare : undefined
    return collections.find(found, filter, document(command, 'sort'), collation)
  }
  const aggregated = text(command, 'aggregate')
  const pipeline = command.get('pipeline')
  if (aggregated !== undefined && isArray(pipeline)) return collections.aggregate(aggregated, pipeline)
  const updated = text(command, 'update')
  const change = command.get('update_with')
  if (updated === undefined || filter === undefined || !(isDoc(change) || isArray(change)))
    throw new Error('unknown command')
  collections.update(updated, filter, change, {
    many: command.get('many') === true,
    upsert: command.get('upsert') === true,
  })
  return collections.read(updated)
}

/** The expectation as text, and what came out in the same form. */
function outcome(spec: Doc): { readonly expected: string; readonly actual: string } {
  const expectation = document(spec, 'expect') as Doc
  const collections = new TestCollections()
  for (const [name, list] of document(spec, 'collections')?.entries() ?? []) collections.set(name, docs(list))
  const [kind] = expectation.keys
  const expected = canonicalJson(expectation.values[0] as Value)
  try {
    let results = run(collections, document(spec, 'run') as Doc)
    const then = document(spec, 'then')
    if (then !== undefined) results = run(collections, then)
    return { expected, actual: canonicalJson(shaped(String(kind), expectation, results)) }
  } catch (error) {
    if (!(error instanceof ServerError)) throw error
    return { expected, actual: kind === 'error' ? canonicalJson(error.code) : `${error.code} ${error.message}` }
  }
}

function shaped(kind: string, expectation: Doc, results: readonly Doc[]): Value {
  if (kind === 'ids') return results.map((result) => result.get('_id') ?? null)
  if (kind === 'values') return results.map((result) => result.get(String(expectation.get('of'))) ?? null)
  if (kind === 'docs_without_id') return results.map((result) => result.without('_id'))
  return results
}

describe.skipIf(folder === undefined)('behaviour facts, on the evaluator', () => {
  const facts = folder === undefined ? [] : readFacts(join(folder, 'behaviour.json'))

  it('has all the facts', () => {
    expect(facts.length).toBeGreaterThanOrEqual(192)
  })

  it.each(facts)('$name', ({ name, spec }) => {
    const exception = BEHAVIOUR_EXCEPTIONS.find((each) => each.fact === name)
    const { expected, actual } = outcome(spec)
    if (exception === undefined) expect(actual).toBe(expected)
    else expect(actual).toBe(exception.given)
  })

  it('names only facts that exist as exceptions', () => {
    const names = new Set(facts.map(({ name }) => name))
    expect(BEHAVIOUR_EXCEPTIONS.filter(({ fact }) => !names.has(fact))).toEqual([])
  })
})
