import { doc } from '@stage0/bson-schema'
import type { Observed } from '../observed.ts'
import type { PlanOptions } from '../options.ts'
import type { Plan } from '../plan.ts'
import { planChanges } from '../plan-changes.ts'
import type { IndexSpec, WantedVersion } from '../wanted.ts'
import { collection, index, LOCAL, observed, observedCollection, recorded, version, wanted } from './builders.ts'

/** The collection `user` with two versions, and a database that stands at the first. Development only. */

export const V1 = version('user', '1.0.0.0', { addIndexes: [index('email', { email: 1 }, { unique: true })] })
export const V2 = version('user', '1.0.1.0', { dropIndexes: ['email'] })

export const emailIndex: IndexSpec = { name: 'email', key: doc({ email: 1 }), options: doc({ unique: true }) }
export const idIndex: IndexSpec = { name: '_id_', key: doc({ _id: 1 }), options: doc({}) }

/** The validator of a version as the server tells it. */
export const validated = (one: WantedVersion) => ({
  validator: doc({ $jsonSchema: one.schema }),
  validationLevel: 'moderate',
  validationAction: 'error',
})

export const atV1 = observed({
  collections: [observedCollection('user', { ...validated(V1), indexes: [idIndex, emailIndex] })],
  versions: [recorded('user', 'user.1.0.0.0', V1.schemaHash)],
})

export const plan = (state: Observed, versions: readonly WantedVersion[], options: PlanOptions = LOCAL): Plan =>
  planChanges(wanted([collection('user', ...versions)]), state, options)
export const codes = (made: Plan): string[] => made.problems.map((one) => one.code)
export const kinds = (made: Plan): string[] => made.steps.map((step) => step.kind)
