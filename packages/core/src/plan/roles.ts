import { doc } from '@stage0/bson-schema'
import { ID_INDEX } from './index-steps.ts'
import type { Observed } from './observed.ts'
import { DEFAULT_RECORDS, type PlanOptions } from './options.ts'
import type { Step } from './plan.ts'
import { planChanges } from './plan-changes.ts'
import {
  ASKING,
  joined,
  LOOK_ACTIONS,
  privilegesOf,
  readingRecords,
  type Privileges,
  type RecordNames,
} from './privileges.ts'
import type { Wanted } from './wanted.ts'

export const ROLE_NAMES = ['reviewer', 'operator', 'deployer'] as const
export type RoleName = (typeof ROLE_NAMES)[number]

/** A role as the server's `createRole` takes it. Source: manual, createRole. */
export interface Role {
  readonly createRole: string
  /** By collection; the first is on the database as a whole. */
  readonly privileges: readonly RolePrivilege[]
  readonly roles: readonly []
}

export interface RolePrivilege {
  readonly resource: { readonly db: string; readonly collection: string }
  /** Ascending. */
  readonly actions: readonly string[]
}

export interface RolesInput {
  readonly database: string
  /** Names of the collections that are planned for. */
  readonly collections: readonly string[]
  readonly steps: readonly Step[]
  readonly records?: RecordNames | undefined
}

/**
 * The roles that a database needs and no more: the reviewer looks (status, plan, evidence, history), the operator besides pauses, cancels
 * and unlocks runs, the deployer besides applies.
 */
export function rolesFor({ database, collections, steps, records = DEFAULT_RECORDS }: RolesInput): Role[] {
  // `collStats`: how large a collection is, for the evidence.
  const reviewing = [
    ...collections.map((name) => [name, [...LOOK_ACTIONS, 'collStats']] as const),
    ...readingRecords(records),
  ]
  const operating = [...reviewing, ...ASKING]
  const deploying = [...operating, ...[...privilegesOf(steps, records)].map(([name, set]) => [name, [...set]] as const)]
  const needs = { reviewer: reviewing, operator: operating, deployer: deploying }
  return ROLE_NAMES.map((name) => role(`stage0-${name}`, database, joined(needs[name])))
}

function role(name: string, db: string, needed: Privileges): Role {
  const listing: RolePrivilege = { resource: { db, collection: '' }, actions: ['listCollections'] }
  const each = [...needed].sort(([a], [b]) => (a < b ? -1 : 1))
  const privileges = each.map(([collection, actions]) => ({
    resource: { db, collection },
    actions: [...actions].sort(),
  }))
  return { createRole: name, privileges: [listing, ...privileges], roles: [] }
}

const KINDS = ['standalone', 'replica-set'] as const

/**
 * The steps of every way that may lead to what a repository asks for: from an empty database, and from one where others made the
 * collections, with rules, indexes and documents of their own. Both on a standalone server and on a replica set, where migrations are
 * carried out with other commands. They are for what they need, not to be carried out: steps of several ways stand side by side.
 */
export const stepsOfEveryWay = (wanted: Wanted, options: PlanOptions): readonly Step[] =>
  [EMPTY, strangersTo(wanted)].flatMap((observed) =>
    KINDS.flatMap((kind) => planChanges(wanted, { ...observed, server: { ...observed.server, kind } }, options).steps),
  )

/** A database that nobody has written to, on a server that has every feature. */
const EMPTY: Observed = {
  database: '',
  server: { version: '9.0.0', kind: 'standalone', modules: [] },
  collections: [],
  versions: [],
  enumerators: [],
  history: [],
  interrupted: undefined,
  journal: [],
  privileges: undefined,
}

/** A database that has every collection, none of them as any version wants it, with every index that a version drops. */
const strangersTo = ({ collections }: Wanted): Observed => ({
  ...EMPTY,
  collections: collections.map(({ name, versions }) => ({
    name,
    type: 'collection',
    uuid: undefined,
    // No version has a validator that is a query.
    validator: doc({ _id: { $exists: true } }),
    validationLevel: 'strict',
    validationAction: 'error',
    options: doc({}),
    indexes: [...new Set([ID_INDEX, ...versions.flatMap(({ dropIndexes }) => dropIndexes)])].map((index, at) => ({
      name: index,
      key: doc({ [`of_others_${at}`]: 1 }),
      options: doc({}),
    })),
    estimatedDocuments: 1,
  })),
})
