import { ObjectId } from 'bson'
import { Doc, docOf, isArray, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { compileFilter } from '../compile-filter.ts'
import { compilePipeline } from '../compile-pipeline.ts'
import { compileSort } from '../compile-sort.ts'
import { compileUpdate, upsertSeed } from '../compile-update.ts'
import type { EvaluationContext, PipelineEnd, StringCompare } from '../contract.ts'
import { rootScope } from '../expression/compile.ts'
import { equalIn } from '../values.ts'
import { testContext } from './context.ts'

/** Collections in memory, with just enough of a server around the evaluator to run the facts of `behaviour.json`. */
export class TestCollections {
  readonly #collections = new Map<string, readonly Doc[]>()

  set(name: string, documents: readonly Doc[]): void {
    this.#collections.set(name, documents)
  }

  read(name: string): readonly Doc[] {
    return this.#collections.get(name) ?? []
  }

  find(name: string, filter: Doc, sort: Doc | undefined, collation: StringCompare | undefined): readonly Doc[] {
    const context = testContext({ collation })
    const matched = this.read(name).filter(compileFilter(filter, context))
    return sort === undefined ? matched : matched.toSorted(compileSort(sort, context))
  }

  aggregate(name: string, stages: readonly Value[]): readonly Doc[] {
    const context = testContext()
    const pipeline = compilePipeline(stages, context, { read: (collection) => this.read(collection) })
    const results = [...pipeline.run(this.read(name))]
    return pipeline.end.kind === 'cursor' ? results : this.#write(pipeline.end, results, context)
  }

  #write(
    end: Exclude<PipelineEnd, { kind: 'cursor' }>,
    results: readonly Doc[],
    context: EvaluationContext,
  ): readonly Doc[] {
    if (end.kind === 'out') this.set(end.collection, results)
    else for (const result of results) this.#merge(end, result, context)
    return []
  }

  #merge(end: Extract<PipelineEnd, { kind: 'merge' }>, result: Doc, context: EvaluationContext): void {
    const equal = equalIn(undefined)
    const target = this.read(end.collection)
    const at = target.findIndex((document) => end.on.every((field) => equal(document.get(field), result.get(field))))
    const old = target[at]
    if (old === undefined) {
      if (end.whenNotMatched === 'fail') throw new ServerError(13113, '$merge could not find a matching document')
      if (end.whenNotMatched === 'insert') this.set(end.collection, [...target, withId(result)])
      return
    }
    this.set(end.collection, target.with(at, merged(end.whenMatched, old, result, context)))
  }

  update(
    name: string,
    filter: Doc,
    update: Doc | readonly Value[],
    options: { readonly many: boolean; readonly upsert: boolean },
  ): void {
    const context = { ...testContext(), filter }
    const compiled = compileUpdate(update, context)
    const seed = options.upsert ? upsertSeed(filter) : undefined
    const matches = compileFilter(filter, context)
    let done = 0
    const documents = this.read(name).map((document) => {
      if ((done > 0 && !options.many) || !matches(document)) return document
      done++
      return compiled.apply(document, { insert: false })
    })
    if (done === 0 && seed !== undefined) documents.push(withId(compiled.apply(seed, { insert: true })))
    this.set(name, documents)
  }
}

const withId = (document: Doc): Doc =>
  document.has('_id') ? document : docOf([['_id', new ObjectId()], ...document.entries()])

function merged(
  mode: Extract<PipelineEnd, { kind: 'merge' }>['whenMatched'],
  old: Doc,
  result: Doc,
  context: EvaluationContext,
): Doc {
  if (mode === 'keepExisting') return old
  if (mode === 'fail')
    throw new ServerError(11000, 'E11000 duplicate key error: $merge with whenMatched: fail found a document')
  if (mode === 'replace') return compileUpdate(result, context).apply(old, { insert: false })
  if (mode === 'merge') {
    return compileUpdate(new Doc(['$set'], [result.without('_id')]), context).apply(old, { insert: false })
  }
  const variables = new Map<string, Value>([['new', result]])
  for (const [name, value] of mode.let?.entries() ?? []) {
    const evaluated = rootScope(context).compile(value, rootScope(context)).evaluate(result)
    if (evaluated !== undefined) variables.set(name, evaluated)
  }
  return compileUpdate(mode.pipeline, { ...context, variables }).apply(old, { insert: false })
}

export const docs = (value: Value | undefined): readonly Doc[] => (isArray(value) ? value.filter(isDoc) : [])
