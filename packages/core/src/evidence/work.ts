import type { CollectionSize } from '@stage0/types'
import type { Step } from '../plan/plan.ts'
import { pipelineFacts } from '../plan/pipeline.ts'
import { byteText, counted, grouped } from './short-text.ts'

/** What a step has to do on a collection of this size, in words; `undefined` where it is no work to speak of. */
export function workText(step: Step, size: CollectionSize): string | undefined {
  const all = `${counted(size.documents, 'document')} (${byteText(size.bytes)})`
  switch (step.kind) {
    case 'migrate':
      return migrationWork(step, size, all)
    case 'buildIndexes':
      return `reads ${all} once and sorts the keys of ${counted(step.indexes.length, 'index', 'indexes')}`
    case 'changeIndex':
      return step.change.unique === true
        ? `reads the index once, ${counted(size.documents, 'key')} or more; changes no document`
        : 'changes the metadata of the index only'
    case 'dropIndex':
      return 'frees the space of the index; reads no document'
    case 'setValidator':
      return 'changes metadata only; reads no document'
    case 'findLeftovers':
      return `reads ${all} once${step.repeat.length === 0 ? '' : ' and rewrites those that do not match'}`
    case 'loadData':
      return `inserts ${counted(step.count, 'document')}`
    case 'createCollection':
    case 'recordVersion':
    case 'recordEnumerators':
      return undefined
  }
}

type MigrateStep = Extract<Step, { kind: 'migrate' }>

function migrationWork(step: MigrateStep, size: CollectionSize, all: string): string {
  if (step.from !== undefined) {
    const left = Math.max(0, step.from.total - step.from.done)
    return `goes on where it stopped: reads ${grouped(left)} of ${all} and rewrites each that changes, with its index entries`
  }
  if (step.strategy !== 'as-written') return `reads ${all} and rewrites each that changes, with its index entries`
  const isOwnOut = step.target === step.collection && pipelineFacts(step.pipeline).writesBy === '$out'
  if (isOwnOut)
    return `reads ${all}, writes the result a second time and builds all indexes anew (${byteText(size.index_bytes)})`
  return `reads ${all} and writes the result to ${step.target}`
}
