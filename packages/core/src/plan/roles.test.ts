import { doc } from '@stage0/bson-schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collectionsRead } from './pipeline-reads.ts'
import type { Step } from './plan.ts'
import { rolesFor, stepsOfEveryWay, type RolePrivilege } from './roles.ts'
import { collection, LOCAL, migration, observed, observedCollection, version, wanted } from './testing/builders.ts'
import { repositories } from './testing/repositories.ts'
import { simulate } from './testing/simulate.ts'
import { planChanges } from './plan-changes.ts'
import type { Wanted } from './wanted.ts'

describe('the collections that a pipeline reads beside its own', () => {
  it('are those of lookups, graphs and unions, of inner pipelines too, each once', () => {
    const stages = [
      doc({ $lookup: { from: 'a', pipeline: [{ $unionWith: 'b' }], as: 'x' } }),
      doc({ $graphLookup: { from: 'c', startWith: '$x', connectFromField: 'x', connectToField: 'y', as: 'z' } }),
      doc({ $unionWith: { coll: 'd', pipeline: [{ $lookup: { from: 'a', as: 'x' } }] } }),
      doc({ $facet: { one: [{ $lookup: { from: 'e', as: 'x' } }] } }),
      doc({ $set: { from: 'nothing' } }),
      doc({ $lookup: { pipeline: [{ $documents: [] }], as: 'x' } }),
    ]
    expect(collectionsRead(stages)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })
})

/** "organization: collMod" */
const listed = (privileges: readonly RolePrivilege[]): string[] =>
  privileges.flatMap(({ resource, actions }) => actions.map((action) => `${resource.collection}: ${action}`))
const deployerOf = (files: Wanted, steps: readonly Step[]): string[] =>
  listed(
    rolesFor({ database: 'shop', collections: files.collections.map(({ name }) => name), steps })[2]?.privileges ?? [],
  )

describe('the roles of a repository', () => {
  it('W-05: are enough for a collection with one version that others made before', () => {
    const files = wanted([collection('order', version('order', '1.0.0.1', { dropIndexes: ['theirs'] }))])
    const mine = { name: 'theirs', key: doc({ x: 1 }), options: doc({}) }
    const state = observed({ collections: [observedCollection('order', { indexes: [mine] })] })
    const needed = deployerOf(files, planChanges(files, state, LOCAL).steps)
    expect(needed).toEqual(expect.arrayContaining(['order: collMod', 'order: dropIndex']))
    const role = deployerOf(files, stepsOfEveryWay(files, LOCAL))
    expect(needed.filter((one) => !role.includes(one))).toEqual([])
  })

  it('W-05: are enough from whatever a database holds, with or without a record of it', () => {
    const kinds = fc.constantFrom('standalone' as const, 'replica-set' as const)
    fc.assert(
      fc.property(repositories, repositories, fc.nat(), kinds, fc.boolean(), (files, before, cut, kind, isOurs) => {
        const empty = observed({ server: { version: '8.0.0', kind, modules: [] } })
        const { steps } = planChanges(isOurs ? files : before, empty, LOCAL)
        const held = simulate(empty, steps.slice(0, cut % (steps.length + 1)))
        const state = isOurs ? held : { ...held, versions: [], history: [] }
        const role = new Set(deployerOf(files, stepsOfEveryWay(files, LOCAL)))
        const needed = deployerOf(files, planChanges(files, state, LOCAL).steps)
        expect(needed.filter((one) => !role.has(one))).toEqual([])
      }),
    )
  })
})

describe('roles', () => {
  const reads = migration('m.json', [
    { $lookup: { from: 'rate', localField: 'a', foreignField: 'b', as: 'c' } },
    { $merge: { into: 'invoice' } },
  ])
  const files = wanted([
    collection('order', version('order', '1.0.0.0'), version('order', '1.0.1.0', { migrations: [reads] })),
  ])
  const names = { database: 'shop', collections: ['order'] }

  it('W-05: name what a migration reads and writes elsewhere', () => {
    const deployer = rolesFor({ ...names, steps: stepsOfEveryWay(files, LOCAL) })[2]?.privileges ?? []
    const actionsOn = (name: string) => deployer.find(({ resource }) => resource.collection === name)?.actions
    expect([actionsOn('rate'), actionsOn('invoice')]).toEqual([
      ['find'],
      ['bypassDocumentValidation', 'insert', 'update'],
    ])
  })

  it('without steps are those of somebody who looks, and of runs', () => {
    const [reviewer, operator, deployer] = rolesFor({ ...names, steps: [] })
    const actions = (role: typeof reviewer) => new Set(role?.privileges.flatMap((one) => one.actions))
    expect([...actions(reviewer)].sort()).toEqual(['collStats', 'find', 'listCollections', 'listIndexes'])
    expect([...actions(operator)].sort()).toEqual(['collStats', 'find', 'listCollections', 'listIndexes', 'update'])
    expect(actions(deployer)).toContain('createIndex')
  })

  it('decide nothing in a plan for review, but that its collections may be looked at', () => {
    const privileges = [{ database: 'shop', collection: 'other', actions: ['find', 'listIndexes'] }]
    const state = observed({ collections: [observedCollection('order'), observedCollection('other')], privileges })
    const problems = planChanges(files, state, { ...LOCAL, forReview: true }).problems.filter(
      ({ code }) => code === 'TARGET_NOT_PERMITTED',
    )
    expect(problems.map(({ text }) => text)).toEqual(['the connected user may not find, listIndexes on shop.order'])
  })
})
