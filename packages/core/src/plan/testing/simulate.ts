import { doc } from '@stage0/bson-schema'
import type { Observed, ObservedCollection } from '../observed.ts'
import type { Step } from '../plan.ts'
import { observedCollection, recorded } from './builders.ts'

/** What a target holds after the steps, without a database. Development only. */
export const simulate = (start: Observed, steps: readonly Step[]): Observed => steps.reduce(applyStep, start)

function applyStep(state: Observed, step: Step): Observed {
  switch (step.kind) {
    case 'recordEnumerators': {
      const version = Number(step.version)
      const others = state.enumerators.filter((one) => one.version !== version)
      return { ...state, enumerators: [...others, { version, document: step.document, hash: step.contentHash }] }
    }
    case 'createCollection': {
      const fresh = observedCollection(step.collection, { estimatedDocuments: 0 })
      const withValidator = step.validator && {
        validator: doc({ $jsonSchema: step.validator.schema }),
        validationLevel: step.validator.level,
        validationAction: step.validator.action,
      }
      return { ...state, collections: [...state.collections, { ...fresh, ...withValidator }] }
    }
    case 'dropIndex':
      return change(state, step.collection, (one) => ({
        indexes: one.indexes.filter((index) => index.name !== step.index),
      }))
    case 'buildIndexes':
      return change(state, step.collection, (one) => ({ indexes: [...one.indexes, ...step.indexes] }))
    case 'changeIndex':
      return change(state, step.collection, (one) => ({
        indexes: one.indexes.map((index) => (index.name === step.index.name ? step.index : index)),
      }))
    case 'setValidator':
      return change(state, step.collection, () => ({
        validator: doc({ $jsonSchema: step.schema }),
        validationLevel: step.level,
        validationAction: step.action,
      }))
    case 'migrate':
    case 'findLeftovers':
    case 'loadData':
      return state
    case 'recordVersion': {
      const others = state.versions.filter((one) => one.collection !== step.collection)
      const { collection, version, schemaHash, indexes, migrations, enumeratorsHash } = step
      const applied = { collection, version, schemaHash, indexes, migrations, enumeratorsHash, runId: 'run' }
      return {
        ...state,
        versions: [...others, recorded(collection, step.stored, schemaHash)],
        history: [...state.history, applied],
      }
    }
  }
}

const change = (
  state: Observed,
  name: string,
  make: (one: ObservedCollection) => Partial<ObservedCollection>,
): Observed => ({
  ...state,
  collections: state.collections.map((one) => (one.name === name ? { ...one, ...make(one) } : one)),
})
