import fc from 'fast-check'
import { expect, it } from 'vitest'
import { repositoryOf } from '../render/testing/files.ts'
import { versionText } from '../model/version-number.ts'
import { limitWanted } from '../plan/limit-wanted.ts'
import { planChanges } from '../plan/plan-changes.ts'
import { LOCAL, observed } from '../plan/testing/builders.ts'
import { simulate } from '../plan/testing/simulate.ts'
import { checkRepository } from '../render/check-repository.ts'
import { inspectVersion } from './inspect-version.ts'
import { dictionary, enumeratorsFile } from './testing/samples.ts'
import { STOCK } from '../render/testing/files.ts'

const version = fc.record({
  enumerators: fc.nat(1),
  properties: fc.integer({ min: 1, max: 3 }),
  adds: fc.subarray(['i1', 'i2', 'i3']),
  drops: fc.subarray(['i1', 'i2', 'i3']),
  migrations: fc.constantFrom('', 'm.json', 'm.json, n.json', 'm.json, m.json'),
  data: fc.boolean(),
  level: fc.constantFrom('moderate', 'strict'),
})
const KEYS: Readonly<Record<string, string>> = { i1: '{a: 1}', i2: '{b: -1}', i3: '{a: 1, b: 1}' }

/** One collection with these versions, each with a dictionary of its own. */
const repositories = fc.array(version, { minLength: 1, maxLength: 4 }).map((versions) => {
  const texts: Record<string, string> = {
    ...STOCK,
    'enumerators/enumerations.0.yaml': enumeratorsFile(0, { state: ['x'] }),
    'enumerators/enumerations.1.yaml': enumeratorsFile(1, { state: ['x', 'y'] }),
    'migrations/m.json': '[{"$set": {"a": 1}}, {"$out": "thing"}]',
    'migrations/n.json': '[{"$merge": "thing"}]',
    'test_data/t.json': '[{}]',
  }
  const lines = versions.map((one, i) => {
    texts[`dictionaries/thing.1.${i}.0.yaml`] = dictionary(
      '{name: _id, type: identifier}',
      ...Array.from({ length: one.properties }, (_, p) => `{name: p${p}, type: enum, enums: state}`),
    )
    const indexes = one.adds.map((name) => `{name: ${name}, key: ${KEYS[name]}}`).join(', ')
    const data = one.data ? '\n    test_data: t.json' : ''
    return `  - version: 1.${i}.0.${one.enumerators}\n    add_indexes: [${indexes}]\n    drop_indexes: [${one.drops.join(', ')}]\n    migrations: [${one.migrations}]\n    validation: {level: ${one.level}, action: error}${data}\n`
  })
  return { ...texts, 'configurations/thing.yaml': `versions:\n${lines.join('')}` }
})

it('C-17: shows for any version the steps that a plan from the version before has, in the same words and order', () => {
  let compared = 0
  fc.assert(
    fc.property(repositories, (texts) => {
      const repository = repositoryOf(texts)
      const { wanted } = checkRepository(repository, { loadTestData: false })
      const versions = repository.configurations.get('thing')?.versions ?? []
      // Drops and additions that contradict each other are errors, which the checks tell.
      fc.pre(wanted !== undefined)
      let state = observed()
      for (const { number } of versions) {
        const target = versionText(number)
        const limited = limitWanted(wanted, { thing: target })
        const shown = inspectVersion(repository, 'thing', target, { problems: [] })
        if (!limited.ok || !shown.ok) throw new Error(`there is no version ${target}`)
        const plan = planChanges(limited.value, state, { ...LOCAL, collections: ['thing'] })
        expect(shown.value.steps.map(({ kind, text }) => [kind, text])).toEqual(
          plan.steps.map(({ kind, name }) => [kind, name]),
        )
        state = simulate(state, plan.steps)
        compared++
      }
    }),
    { numRuns: 60 },
  )
  expect(compared).toBeGreaterThan(60)
})
