import { doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { collectionsRead } from './pipeline-reads.ts'
import { rolesFor, stepsFromNothing } from './roles.ts'
import { collection, LOCAL, migration, observed, observedCollection, version, wanted } from './testing/builders.ts'
import { planChanges } from './plan-changes.ts'

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
    const deployer = rolesFor({ ...names, steps: stepsFromNothing(files, LOCAL) })[2]?.privileges ?? []
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
