import type { Problem } from '@stage0/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRepository } from './check-repository.ts'
import { checkTexts, repositoryOf, STOCK, thingWith } from './testing/files.ts'

const DICTIONARY = 'dictionaries/thing.1.0.0.yaml'
const configuration = (version: string): Record<string, string> => ({
  'configurations/thing.yaml': `versions:\n  - version: 1.0.0\n${version}`,
})
const ENUMS = (enumerator: string): Record<string, string> => ({
  'enumerators/enumerations.0.yaml': `version: 0\nenumerators: [${enumerator}]\n`,
})

/** What was found with one code. */
const found = (texts: Readonly<Record<string, string>>, code: string, loadTestData = true): readonly Problem[] =>
  checkTexts(texts, loadTestData).problems.filter((problem) => problem.code === code)

describe('a repository without mistakes', () => {
  it('has no problems, and everything that it wants of a database', () => {
    const { problems, wanted } = checkTexts(
      thingWith(['{name: p, type: word}'], {
        ...configuration(
          '    add_indexes: [{name: i, key: {p: 1}, options: {unique: false}}]\n    test_data: thing.json\n',
        ),
        'test_data/thing.json': '[{"p": "x"}]',
      }),
    )
    expect(problems).toEqual([])
    const version = wanted?.collections[0]?.versions[0]
    expect(version).toMatchObject({
      version: '1.0.0.0',
      stored: 'thing.1.0.0',
      source: { file: 'configurations/thing.yaml', line: 2 },
    })
    expect(version?.addIndexes[0]?.options.get('unique')).toBe(false)
    expect(version?.schemaHash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('gives a document without _id the same one every time, and another one per document', () => {
    const texts = thingWith(['{name: p, type: word}'], {
      ...configuration('    test_data: thing.json\n'),
      'test_data/thing.json': '[{"p": "x"}, {"p": "x"}]',
    })
    const ids = [1, 2].map(() =>
      checkTexts(texts).wanted?.collections[0]?.versions[0]?.testData?.documents.map((each) =>
        String((each as { get: (key: string) => unknown }).get('_id')),
      ),
    )
    expect(ids[0]).toEqual(ids[1])
    expect(new Set(ids[0]).size).toBe(2)
    expect(ids[0]?.every((id) => /^[0-9a-f]{24}$/.test(id))).toBe(true)
  })

  it('hashes what a database can notice, and nothing else', () => {
    const base = thingWith(['{name: p, description: D, type: word}'])
    const hash = (texts: Record<string, string>): string | undefined => checkTexts(texts).wanted?.hash
    const commented = {
      ...base,
      [DICTIONARY]: `# a comment\n${base[DICTIONARY]}`,
      'configurations/thing.yaml': `# one\n${base['configurations/thing.yaml']}`,
    }
    expect(hash(commented)).toBe(hash(base))
    expect(hash(thingWith(['{name: q, description: D, type: word}']))).not.toBe(hash(base))
    expect(hash({ ...base, ...ENUMS('{name: e, values: [{value: a, description: A}]}') })).not.toBe(hash(base))
  })
})

describe('one mistake, one problem', () => {
  const cases: readonly {
    what: string
    code: string
    texts: Record<string, string>
    says: RegExp
    severity?: string
    file?: string
    line?: number
  }[] = [
    {
      what: 'W-23: a circle of types, with its chain',
      code: 'REFERENCE_CYCLE',
      texts: thingWith(['{name: p, type: a}'], {
        'types/a.yaml': 'root: {name: a, type: array, items: {name: i, type: b}}\n',
        'types/b.yaml': 'root: {name: b, type: a}\n',
      }),
      says: /a\.yaml -> b\.yaml -> a\.yaml/,
    },
    {
      what: 'W-25: a misspelt kind',
      code: 'TYPE_UNKNOWN',
      texts: thingWith(['{name: p, type: simpel}']),
      says: /"simpel"/,
      file: DICTIONARY,
      line: 7,
    },
    { what: 'W-25: a missing type', code: 'TYPE_UNKNOWN', texts: thingWith(['{name: p}']), says: /has no type/ },
    {
      what: 'W-26: a keyword that MongoDB does not know',
      code: 'FRAGMENT_INVALID',
      texts: thingWith(['{name: p, type: simple, schema: {type: string, format: email}}']),
      says: /"format" is no keyword of \$jsonSchema/,
    },
    {
      what: 'W-26: a type name that only JSON Schema knows',
      code: 'FRAGMENT_INVALID',
      texts: thingWith(['{name: p, type: simple, schema: {type: integer}}']),
      says: /"integer"/,
    },
    {
      what: 'W-26: a type name that nobody knows',
      code: 'FRAGMENT_INVALID',
      texts: thingWith(['{name: p, type: complex, json_type: {type: float}, bson_type: {bsonType: double}}']),
      says: /json_type.*"float"/,
    },
    {
      what: 'W-26: a pattern that does not compile',
      code: 'FRAGMENT_INVALID',
      texts: thingWith(['{name: p, type: simple, schema: {type: string, pattern: "["}}']),
      says: /pattern/,
    },
    {
      what: 'W-26: halves that contradict each other',
      code: 'FRAGMENT_CONTRADICTION',
      severity: 'warning',
      texts: thingWith(['{name: p, type: complex, json_type: {type: number}, bson_type: {bsonType: string}}']),
      says: /accepts string/,
    },
    {
      what: 'W-26: a misspelt JSON keyword',
      code: 'FRAGMENT_UNKNOWN_KEYWORD',
      severity: 'warning',
      texts: thingWith([
        '{name: p, type: complex, json_type: {type: string, maxlength: 3}, bson_type: {bsonType: string}}',
      ]),
      says: /"maxlength"/,
    },
    {
      what: 'W-27: a simple property without a type',
      code: 'FRAGMENT_WITHOUT_TYPE',
      texts: thingWith(['{name: p, type: simple, schema: {maxLength: 3}}']),
      says: /no `type`/,
    },
    {
      what: 'W-27: an empty half of a complex property',
      code: 'FRAGMENT_WITHOUT_TYPE',
      texts: thingWith(['{name: p, type: complex, json_type: {type: string}, bson_type: {}}']),
      says: /`bson_type` is empty/,
    },
    {
      what: 'W-29: a constant that is no string',
      code: 'CONSTANT_NOT_STRING',
      severity: 'warning',
      texts: thingWith(['{name: p, type: constant, constant: 5}']),
      says: /5 is not a string/,
    },
    {
      what: 'W-29: two equal alternatives',
      code: 'ONE_OF_OVERLAP',
      severity: 'warning',
      texts: thingWith(['{name: p, type: one_of, properties: [{name: a, type: word}, {name: b, type: word}]}']),
      says: /"a" and "b" are equal/,
    },
    {
      what: 'a choice without alternatives',
      code: 'ONE_OF_EMPTY',
      texts: thingWith(['{name: p, type: one_of}']),
      says: /without alternatives/,
    },
    {
      what: 'two properties of one name',
      code: 'PROPERTY_DUPLICATE',
      severity: 'warning',
      texts: thingWith(['{name: p, type: word}', '{name: p, type: word}']),
      says: /two properties "p"/,
    },
    {
      what: 'bounds that no value meets',
      code: 'BOUNDS_CONTRADICTION',
      severity: 'warning',
      texts: thingWith(['{name: p, type: array, min_items: 3, max_items: 1, items: {name: i, type: word}}']),
      says: /min_items 3/,
    },
    {
      what: 'an enumerator that is not there',
      code: 'ENUMERATOR_MISSING',
      texts: thingWith(
        ['{name: p, type: enum, enums: marsk}'],
        ENUMS('{name: marks, values: [{value: a, description: A}]}'),
      ),
      says: /enumerator "marsk", which enumerators\/enumerations\.0\.yaml/,
    },
    {
      what: 'an enumerator without values',
      code: 'ENUMERATOR_EMPTY',
      texts: thingWith(['{name: p, type: enum, enums: marks}'], ENUMS('{name: marks, values: []}')),
      says: /no values/,
    },
    {
      what: 'enumerators of a version that is not there',
      code: 'ENUMERATORS_MISSING',
      texts: { ...thingWith([]), 'configurations/thing.yaml': 'versions:\n  - version: 1.0.0.7\n' },
      says: /enumerators 7/,
    },
    {
      what: 'a version without its dictionary',
      code: 'REFERENCE_MISSING',
      texts: { ...thingWith([]), 'configurations/thing.yaml': 'versions:\n  - version: 1.0.1\n' },
      says: /dictionaries\/thing\.1\.0\.1\.yaml, which does not exist/,
    },
    {
      what: 'a reference to a broken file',
      code: 'REFERENCE_BROKEN',
      texts: thingWith(['{name: p, type: bad}'], { 'types/bad.yaml': 'root: {name: bad, type: [\n' }),
      says: /types\/bad\.yaml, which is there but cannot be read/,
    },
    {
      what: 'a root without _id',
      code: 'ROOT_REJECTS_DOCUMENTS',
      severity: 'warning',
      texts: { ...thingWith([]), [DICTIONARY]: 'root: {name: root, type: object}\n' },
      says: /no `_id`/,
    },
    {
      what: 'a root that is no object',
      code: 'ROOT_REJECTS_DOCUMENTS',
      severity: 'warning',
      texts: { ...thingWith([]), [DICTIONARY]: 'root: {name: root, type: word}\n' },
      says: /no object/,
    },
    {
      what: 'a file that nothing uses',
      code: 'FILE_UNUSED',
      severity: 'notice',
      texts: thingWith(['{name: p, type: word}'], { 'types/left.yaml': 'root: {name: left, type: word}\n' }),
      says: /types\/left\.yaml/,
    },
    {
      what: 'an index option that does not exist',
      code: 'INDEX_INVALID',
      texts: thingWith([], configuration('    add_indexes: [{name: i, key: {a: 1}, options: {uniqe: true}}]\n')),
      says: /"uniqe" is no index option/,
    },
    {
      what: 'a direction of an index that is zero in any type',
      code: 'INDEX_INVALID',
      texts: thingWith([], configuration('    add_indexes: [{name: i, key: {a: 0.0}}]\n')),
      says: /neither a direction/,
    },
    {
      what: 'a life time out of range',
      code: 'INDEX_INVALID',
      texts: thingWith(
        [],
        configuration('    add_indexes: [{name: i, key: {a: 1}, options: {expireAfterSeconds: -1}}]\n'),
      ),
      says: /expireAfterSeconds must be/,
    },
    {
      what: 'a unique hashed index',
      code: 'INDEX_INVALID',
      texts: thingWith([], configuration('    add_indexes: [{name: i, key: {a: hashed}, options: {unique: true}}]\n')),
      says: /hashed index cannot be unique/,
    },
    {
      what: 'a life time on two fields',
      code: 'INDEX_OPTION_IGNORED',
      severity: 'warning',
      texts: thingWith(
        [],
        configuration('    add_indexes: [{name: i, key: {a: 1, b: 1}, options: {expireAfterSeconds: 5}}]\n'),
      ),
      says: /several fields/,
    },
    {
      what: 'dropping an index that nobody adds',
      code: 'DROP_INDEX_UNKNOWN',
      severity: 'warning',
      texts: thingWith([], configuration('    drop_indexes: [other]\n')),
      says: /"other"/,
    },
    {
      what: 'the same index added twice with other keys',
      code: 'INDEX_DECLARED_TWICE',
      texts: thingWith([], {
        ...configuration(
          '    add_indexes: [{name: i, key: {a: 1}}]\n  - version: 1.0.0.1\n    add_indexes: [{name: i, key: {b: 1}}]\n',
        ),
        'enumerators/enumerations.1.yaml': 'version: 1\nenumerators: []\n',
      }),
      says: /another key/,
    },
    {
      what: 'the same index added twice',
      code: 'INDEX_REPEATED',
      severity: 'warning',
      texts: thingWith([], {
        ...configuration(
          '    add_indexes: [{name: i, key: {a: 1}}]\n  - version: 1.0.0.1\n    add_indexes: [{name: i, key: {a: 1}, options: {unique: false}}]\n',
        ),
        'enumerators/enumerations.1.yaml': 'version: 1\nenumerators: []\n',
      }),
      says: /added again/,
    },
    {
      what: 'a migration that is missing',
      code: 'REFERENCE_MISSING',
      texts: thingWith([], configuration('    migrations: [move.json]\n')),
      says: /migrations\/move\.json/,
    },
    {
      what: 'W-16: a migration without a target',
      code: 'MIGRATION_HAS_NO_TARGET',
      texts: thingWith([], {
        ...configuration('    migrations: [move.json]\n'),
        'migrations/move.json': '[{"$set": {"a": 1}}]',
      }),
      says: /neither \$out nor \$merge/,
    },
    {
      what: 'W-16: a migration into an unknown collection',
      code: 'MIGRATION_TARGET_UNKNOWN',
      severity: 'warning',
      texts: thingWith([], {
        ...configuration('    migrations: [move.json]\n'),
        'migrations/move.json': '[{"$out": "thnig"}]',
      }),
      says: /collection "thnig"/,
    },
    {
      what: 'an unknown stage, also inside $facet',
      code: 'MIGRATION_STAGE_INVALID',
      texts: thingWith([], {
        ...configuration('    migrations: [move.json]\n'),
        'migrations/move.json': '[{"$facet": {"a": [{"$mtach": {}}]}}, {"$out": "thing"}]',
      }),
      says: /"\$mtach" is no pipeline stage/,
    },
    {
      what: 'a stage that an update does not take',
      code: 'MIGRATION_STAGE_INVALID',
      texts: thingWith([], {
        ...configuration('    migrations: [move.json]\n    migration: {mode: update}\n'),
        'migrations/move.json': '[{"$match": {}}]',
      }),
      says: /"\$match" cannot be used/,
    },
  ]

  it.each(cases)('$what: $code', ({ code, texts, says, severity = 'error', file, line }) => {
    const problems = found(texts, code)
    expect(problems).toHaveLength(1)
    const [problem] = problems
    expect(problem?.text).toMatch(says)
    expect(problem?.severity).toBe(severity)
    expect(problem?.line).toBeGreaterThan(0)
    if (file !== undefined) expect(problem?.file).toBe(file)
    if (line !== undefined) expect(problem?.line).toBe(line)
    expect(checkTexts(texts).wanted === undefined).toBe(
      checkTexts(texts).problems.some((each) => each.severity === 'error'),
    )
  })

  it('says what was probably meant', () => {
    expect(found(thingWith(['{name: p, type: wrod}']), 'TYPE_UNKNOWN')[0]?.hint).toBe('Did you mean "word"?')
  })

  it('reports what is wrong in a type once, however often it is used', () => {
    const texts = thingWith(['{name: p, type: bad}', '{name: q, type: bad}'], {
      'types/bad.yaml': 'root: {name: bad, type: nothing}\n',
    })
    expect(found(texts, 'TYPE_UNKNOWN')).toHaveLength(1)
  })

  it('only warns of what is wrong in a file that nothing uses', () => {
    const { problems, wanted } = checkTexts({
      ...STOCK,
      'types/bad.yaml': 'root: {name: bad, type: simple, schema: {type: float}}\n',
    })
    expect(problems.filter((problem) => problem.severity === 'error')).toEqual([])
    expect(wanted).toBeDefined()
  })
})

describe('W-23: nesting', () => {
  const chain = (length: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length }, (_, i) => [
        `types/t${i}.yaml`,
        `root: {name: t, type: ${i + 1 === length ? 'word' : `t${i + 1}`}}\n`,
      ]),
    )

  it('is allowed up to the limit and reported beyond it', () => {
    // The dictionary and "word" count too.
    expect(found(thingWith(['{name: p, type: t0}'], chain(98)), 'REFERENCE_TOO_DEEP')).toHaveLength(0)
    expect(found(thingWith(['{name: p, type: t0}'], chain(99)), 'REFERENCE_TOO_DEEP')).toHaveLength(1)
  })

  it('of thousands of files is a problem and no stack overflow', () => {
    expect(found(thingWith(['{name: p, type: t0}'], chain(3000)), 'REFERENCE_TOO_DEEP').length).toBeGreaterThan(0)
  })

  it('follows the limit that is given', () => {
    const { problems } = checkRepository(repositoryOf(thingWith(['{name: p, type: word}'])), {
      loadTestData: true,
      maxDepth: 1,
    })
    expect(problems.map((problem) => problem.code)).toContain('REFERENCE_TOO_DEEP')
  })

  it('that multiplies beyond 16 MiB is a problem at the type, not an exhausted memory', () => {
    const bomb = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => {
        const inner = Array.from({ length: 10 }, (_, n) => `{name: n${n}, type: ${i === 0 ? 'word' : `b${i - 1}`}}`)
        return [`types/b${i}.yaml`, `root: {name: b, type: object, properties: [${inner.join(', ')}]}\n`]
      }),
    )
    const problems = found(thingWith(['{name: p, type: b39}'], bomb), 'SCHEMA_TOO_LARGE')
    expect(problems).toHaveLength(1)
    expect(problems[0]?.file).toMatch(/^types\/b\d\.yaml$/)
  })
})

describe('any repository', () => {
  const kind = fc.constantFrom(
    'word',
    'identifier',
    'wrod',
    'object',
    'array',
    'simple',
    'complex',
    'enum',
    'one_of',
    'ref',
    'constant',
    't0',
    't1',
  )
  const property = fc
    .record({ name: fc.constantFrom('a', 'b', '__proto__', '1'), type: kind })
    .map(({ name, type }) => `{name: "${name}", type: ${type}}`)

  it('is either wanted or has an error, and its problems do not depend on the run', () => {
    fc.assert(
      fc.property(fc.array(property, { maxLength: 5 }), kind, kind, (properties, first, second) => {
        const texts = thingWith(properties, {
          'types/t0.yaml': `root: {name: t, type: ${first}}\n`,
          'types/t1.yaml': `root: {name: t, type: ${second}}\n`,
        })
        const { problems, wanted } = checkTexts(texts)
        expect(wanted === undefined).toBe(problems.some((problem) => problem.severity === 'error'))
        expect(checkTexts(texts).problems).toEqual(problems)
      }),
      { numRuns: 60 },
    )
  })
})
