import { describe, expect, it } from 'vitest'
import { planChanges } from '../plan/plan-changes.ts'
import { observed, observedCollection, recorded } from '../plan/testing/builders.ts'
import { checkTexts, thingWith } from './testing/files.ts'

/** A collection whose second version adds, drops, migrates and loads, and accepts these risks. */
const repository = (...allow: readonly string[]): Record<string, string> => ({
  ...thingWith(['{name: name, description: A name, type: word}', '{name: old, description: Old, type: word}']),
  'dictionaries/thing.1.0.1.yaml': `root:
  name: root
  description: A thing
  type: object
  properties:
    - {name: _id, description: Identity, type: identifier, required: true}
    - {name: name, description: A name, type: word, required: true}
    - {name: tags, description: Tags, type: array, items: {name: item, description: Tag, type: word}}
`,
  'configurations/thing.yaml': `title: Things
versions:
  - version: 1.0.0
    add_indexes: [{name: byName, key: {name: 1}}]
  - version: 1.0.1
    drop_indexes: [byName]
    add_indexes: [{name: names, key: {name: 1, tags: 1}, options: {unique: true}}]
    migrations: [clean.json]
    allow:
${allow.map((one) => `      - {${one}, reason: agreed}\n`).join('')}`,
  'migrations/clean.json': '[{"$unset": "old"}, {"$out": "thing"}]',
})

const told = (...allow: readonly string[]): string[] =>
  checkTexts(repository(...allow))
    .problems.filter(({ code }) => code === 'RISK_CODE_UNKNOWN' || code === 'ALLOW_WITHOUT_EFFECT')
    .map(({ severity, code, line, pointer, hint }) => `${severity} ${code} ${line} ${pointer}: ${hint}`)

describe('what `allow` accepts', () => {
  it.each([
    'code: BC',
    'code: BC, path: old',
    'code: MF, path: name',
    'code: MF, path: "tags[]"',
    'code: MF, path: names',
    'code: LK',
    "code: LK, path: ''",
    'code: LK, path: names',
    'code: RB, path: byName',
    'code: LI, path: byName',
    'code: CW, path: clean.json',
    'code: DS, path: migrations/clean.json',
    'code: NI',
  ])('is taken where a risk of the version can match: {%s}', (allow) => {
    expect(told(allow)).toEqual([])
  })

  it('with an unknown code is an error in its line, with the code that was meant', () => {
    expect(told('code: BC', 'code: bc')).toEqual([
      'error RISK_CODE_UNKNOWN 11 /versions/1/allow/1/code: Did you mean "BC"?',
    ])
    expect(told('code: BREAKING')).toEqual([
      'error RISK_CODE_UNKNOWN 10 /versions/1/allow/0/code: The codes are BC, MF, DS, LK, RB, LI, LU, CW, NI, TD.',
    ])
  })

  it.each([
    ['code: BC, path: nmae', 'path: Did you mean "name"?'],
    ['code: MF, path: /name', 'path: Did you mean "name"?'],
    ['code: MF, path: customers', 'path: It can name _id, name, old, tags, tags[] and others.'],
    ['code: RB, path: byname', 'path: Did you mean "byName"?'],
    ['code: LI, path: names', 'path: It can name byName.'],
    ['code: LK, path: byName', 'path: It can name names.'],
    ['code: CW, path: other.json', 'path: It can name migrations/clean.json.'],
    ['code: TD', 'code: When it is told: LOAD_TEST_DATA is true, and the environment is not `local`.'],
    [
      'code: TD, path: thing.json',
      'code: When it is told: LOAD_TEST_DATA is true, and the environment is not `local`.',
    ],
  ])('that no risk can match is a warning in its line: {%s}', (allow, what) => {
    const warned = told(allow)
    expect(warned).toEqual([`warning ALLOW_WITHOUT_EFFECT 10 /versions/1/allow/0/${what}`])
  })

  it('is a warning and not an error, so that the repository can still be applied', () => {
    expect(checkTexts(repository('code: TD')).wanted).toBeDefined()
    expect(checkTexts(repository('code: XX')).wanted).toBeUndefined()
  })

  it('covers every path that the plan tells a risk at, and those of migrations by the name of their file', () => {
    const { wanted } = checkTexts(repository('code: CW, path: clean.json', 'code: BC, path: old'))
    const before = wanted?.collections[0]?.versions[0]
    if (wanted === undefined || before === undefined) throw new TypeError('the repository is not valid')
    const state = observed({
      server: { version: '7.0.0', kind: 'standalone', modules: [] },
      collections: [observedCollection('thing', {})],
      versions: [recorded('thing', before.stored, before.schemaHash)],
    })
    const plan = planChanges(wanted, state, { environment: 'local', loadTestData: true })
    const risks = plan.steps.flatMap((step) => step.risks)
    expect(risks.find(({ code }) => code === 'CW')).toMatchObject({ accepted: 'agreed' })
    for (const { code, path } of risks)
      expect(told(path === undefined ? `code: ${code}` : `code: ${code}, path: "${path}"`)).toEqual([])
  })
})
