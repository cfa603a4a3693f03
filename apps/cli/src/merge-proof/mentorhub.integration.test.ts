import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { stage0 } from '../testing/run-command.ts'
import { filesIn, MENTORHUB } from '../testing/products.ts'
import { testDatabase, type TestDatabase } from '../testing/test-database.ts'

const NAMES = [
  ...['Customer', 'Dashboard', 'Encounter', 'Event', 'Identity', 'Journey', 'Note', 'Path', 'Plan', 'Profile'],
  ...['Rating', 'Resource', 'Subscription'],
]
const VERSION = '0.1.0.0'

/** As the image of a batch job runs it: settings alone, of which one repository file names the database. */
const batch = ({ uri, name }: TestDatabase) =>
  stage0(['serve', '--json'], {
    environment: {
      INPUT_FOLDER: MENTORHUB.product,
      MONGO_CONNECTION_STRING: uri,
      MONGO_DB_NAME: name,
      AUTO_PROCESS: 'true',
      EXIT_AFTER_PROCESSING: 'true',
      LOAD_TEST_DATA: 'true',
    },
  })
const target = ({ uri, name }: TestDatabase) => [
  ...['--repository', MENTORHUB.product, '--uri', uri, '--database', name, '--json'],
]
const states = async (database: TestDatabase) => {
  const { stdout } = await stage0(['status', ...target(database)])
  const { collections } = JSON.parse(stdout) as { collections: readonly Record<string, unknown>[] }
  return collections.map(({ name, recorded, state }) => ({ name, recorded, state }))
}

describe('the repository that was merged for mentorhub', () => {
  it('has a configuration, a dictionary and test data for each entry of the catalog', () => {
    const catalog = load(filesIn(MENTORHUB.specifications).get('catalog.yaml') ?? '') as {
      readonly data_dictionaries: readonly { readonly name: string }[]
    }
    expect(catalog.data_dictionaries.map(({ name }) => name).sort()).toEqual(NAMES)
    const paths = [...filesIn(MENTORHUB.product).keys()]
    expect(paths.filter((path) => /^(configurations|dictionaries|test_data)\//.test(path))).toEqual([
      ...NAMES.map((name) => `configurations/${name}.yaml`),
      ...NAMES.map((name) => `dictionaries/${name}.0.1.0.yaml`),
      ...NAMES.map((name) => `test_data/${name}.0.1.0.0.json`),
    ])
  })

  it('is without a problem, a notice included', async () => {
    const { code, stdout } = await stage0(['check', '--repository', MENTORHUB.product])
    expect([code, stdout]).toEqual([0, 'no problems\n'])
  })

  it('configures a database as a batch job, and a second time changes nothing', async () => {
    const database = await testDatabase()
    const first = await batch(database)
    expect([first.code, JSON.parse(first.stdout)]).toEqual([
      0,
      expect.objectContaining({ ok: true, status: 'succeeded', counts: { succeeded: 1 + 3 * NAMES.length } }),
    ])
    const wanted = NAMES.map((name) => ({ name, recorded: VERSION, state: 'in sync' }))
    expect(await states(database)).toEqual(wanted)
    const before = await database.everything()

    const second = await batch(database)
    expect([second.code, JSON.parse(second.stdout)]).toEqual([
      0,
      expect.objectContaining({ ok: true, steps: 0, counts: {} }),
    ])
    expect(await database.everything()).toEqual(before)
    const { code, stdout } = await stage0(['plan', ...target(database), '--load-test-data'])
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ steps: [] })])
  })

  it('gives each collection its indexes, and a validator that takes what its dictionary describes', async () => {
    const database = await testDatabase()
    expect((await batch(database)).code).toBe(0)
    expect(await database.collections()).toEqual(expect.arrayContaining(NAMES))
    const made = {
      from_ip: '10.0.0.7',
      by_user: 'ruth',
      at_time: new Date('2030-01-02T03:04:05Z'),
      correlation_id: 'c-1',
    }
    const document = { name: 'first', description: 'One of a kind.', status: 'active', created: made, saved: made }
    for (const name of NAMES) {
      const indexes = await database.indexes(name)
      expect(indexes.map(({ name: index, key, unique }) => ({ index, key, unique }))).toEqual([
        { index: '_id_', key: { _id: 1 }, unique: undefined },
        { index: 'nameIndex', key: { name: 1 }, unique: true },
        { index: 'savedIndex', key: { 'saved.at_time': -1 }, unique: undefined },
      ])
      const insert = (one: object) => database.run({ insert: name, documents: [one] })
      expect(await insert(document)).toMatchObject({ n: 1 })
      const refused: readonly (readonly [object, number])[] = [
        [{ ...document, status: 'archived' }, 11_000],
        [{ ...document, name: 'second', status: 'lost' }, 121],
        [{ ...document, name: 'second', saved: { by_user: 'ruth' } }, 121],
        [{ ...document, name: 'two words' }, 121],
      ]
      for (const [one, code] of refused) expect(await codeOf(insert(one)), name).toBe(code)
    }
  })
})

/** Of the only write of a command, by its answer or its error. */
async function codeOf(answer: Promise<Record<string, unknown>>): Promise<unknown> {
  const { writeErrors } = (await answer.catch((error: unknown) => ({ writeErrors: [error] }))) as {
    writeErrors?: readonly { readonly code?: unknown }[]
  }
  return writeErrors?.[0]?.code
}
