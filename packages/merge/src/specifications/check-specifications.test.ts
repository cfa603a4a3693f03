import { describe, expect, it } from 'vitest'
import { checkSpecifications } from './check-specifications.ts'
import { SHOP, shop, told, toldAfter, type Change } from './testing/shop.ts'

const PRODUCT = 'product.yaml'
const CATALOG = 'catalog.yaml'
const ARCHITECTURE = 'architecture.yaml'

/** Changes of specifications with which nothing is wrong, and everything that is found then. */
type Case = readonly [what: string, changes: readonly Change[], found: readonly string[]]

const after = (cases: readonly Case[]) =>
  it.each(cases)('%s', (_, changes, found) => expect(toldAfter(changes)).toEqual(found))

describe('specifications with which nothing is wrong', () => {
  it('have no findings, in whatever order the files come, with the keys by which editors know a document', () => {
    const header = "$schema: ./product.schema.json\n$id: shop\ntitle: 'A: b'\n"
    const files = shop([[PRODUCT, 'info:', `${header}info:`]])
    expect(told(checkSpecifications(files))).toEqual([])
    expect(told(checkSpecifications(files.reverse()))).toEqual([])
  })
})

describe('the form of a document', () => {
  after([
    [
      'a member that must be there',
      [[ARCHITECTURE, '        creates: [Event]\n        consumes: [Order]\n', '        creates: [Event]\n']],
      ['architecture.yaml:19:7 error SPECIFICATION_MEMBER_MISSING `data_domains` has no `consumes`.'],
    ],
    [
      'a member that an entry of a list must have, with the name of the entry',
      [[ARCHITECTURE, 'name: sale_api, type: api,', 'name: sale_api,']],
      ['architecture.yaml:24:11 error SPECIFICATION_MEMBER_MISSING An entry of `repos` has no `type` (sale_api).'],
    ],
    [
      'a member that is not known, with what was meant',
      [[PRODUCT, 'developer_cli', 'developerCLI']],
      [
        'product.yaml:1:1 notice SPECIFICATION_MEMBER_WANTED `info` has no `developer_cli`.',
        'product.yaml:5:3 error SPECIFICATION_MEMBER_UNKNOWN `info` has the member "developerCLI", which it may not have (Corner Shop). Did you mean "developer_cli"?',
      ],
    ],
    [
      'a member that is not known, with what may be there',
      [[CATALOG, 'title: What the shop keeps', 'collections: 3']],
      [
        'catalog.yaml:1:1 error SPECIFICATION_MEMBER_UNKNOWN The document has the member "collections", which it may not have. It may have: data_dictionaries.',
      ],
    ],
    [
      'a key that is no text',
      [[CATALOG, 'title: What the shop keeps', 'on: 3']],
      [
        'catalog.yaml:1:1 error SPECIFICATION_MEMBER_UNKNOWN The document has a key that YAML reads as true, which it may not have. It may have: data_dictionaries.',
      ],
    ],
    [
      'a key that stands twice',
      [[PRODUCT, '  slug: makers', '  slug: makers\n  slug: traders']],
      [
        'product.yaml:13:3 error SPECIFICATION_MEMBER_REPEATED The key "slug" stands here again (product.yaml:12); templates see this one alone. [product.yaml:12]',
      ],
    ],
    [
      'a word with a space in it',
      [[PRODUCT, 'slug: cornershop', 'slug: corner shop']],
      [
        'product.yaml:4:9 error SPECIFICATION_VALUE_INVALID `slug` should be a word: 1 to 40 characters, no spaces; it is the text "corner shop". Write one of this form.',
      ],
    ],
    [
      'texts that are too long',
      [
        [PRODUCT, 'Sells what the neighbours need', 'x'.repeat(256)],
        [PRODUCT, 'developer_cli: cs', 'developer_cli: shop'],
      ],
      [
        `product.yaml:3:16 error SPECIFICATION_VALUE_INVALID \`description\` should be a text of at most 255 characters on one line, without tabs; it is the text "${'x'.repeat(60)}...". Write one of this form.`,
        'product.yaml:5:18 error SPECIFICATION_VALUE_INVALID `developer_cli` should be a text of at most 3 characters; it is the text "shop". Write one of this form.',
      ],
    ],
    [
      'one of some words, and one word only',
      [
        [ARCHITECTURE, 'publish: npm', 'publish: npms'],
        [PRODUCT, 'https://github.com', 'https://git.example'],
      ],
      [
        'architecture.yaml:16:50 error SPECIFICATION_VALUE_INVALID `publish` should be one of make, npm, pipenv; it is the text "npms". Did you mean "npm"?',
        'product.yaml:13:13 error SPECIFICATION_VALUE_INVALID `git_host` should be https://github.com; it is the text "https://git.example". Write https://github.com.',
      ],
    ],
    [
      'a number out of its range, and one in quotes',
      [
        [PRODUCT, 'base_port: 9000', 'base_port: 90000'],
        [ARCHITECTURE, 'port: 9004', 'port: "9004"'],
      ],
      [
        'architecture.yaml:34:17 error SPECIFICATION_VALUE_INVALID `port` should be a whole number from 1 to 65535; it is the text "9004". Write it without quotes.',
        'product.yaml:7:14 error SPECIFICATION_VALUE_INVALID `base_port` should be a whole number from 0 to 65535; it is the number 90000. Write one of this form.',
      ],
    ],
    [
      'other kinds of values',
      [
        [PRODUCT, 'name: Corner Shop\n', 'name: [Corner, Shop]\n'],
        [ARCHITECTURE, 'is_journey: false', 'is_journey: "false"'],
        [ARCHITECTURE, 'creates: [Event]\n        consumes: [Order]', 'creates: Event\n        consumes: {}'],
        [ARCHITECTURE, '    - name: dev\n', '    - dev\n'],
      ],
      [
        'architecture.yaml:5:7 error SPECIFICATION_VALUE_INVALID An entry of `environments` should be a mapping with name; it is the text "dev".',
        'architecture.yaml:10:19 error SPECIFICATION_VALUE_INVALID `is_journey` should be true or false; it is the text "false".',
        'architecture.yaml:21:18 error SPECIFICATION_VALUE_INVALID `creates` should be a list; it is the text "Event".',
        'architecture.yaml:22:19 error SPECIFICATION_VALUE_INVALID `consumes` should be a list; it is a mapping.',
        'product.yaml:2:9 error SPECIFICATION_VALUE_INVALID `name` should be a text of at most 255 characters on one line, without tabs; it is a list.',
      ],
    ],
    [
      'nothing where something should be',
      [
        [ARCHITECTURE, 'creates: [Event]\n        consumes: [Order]', 'creates:\n        consumes: [Order]'],
        [PRODUCT, 'slug: makers', 'slug:'],
      ],
      [
        'architecture.yaml:21:9 error SPECIFICATION_VALUE_INVALID `creates` has no value; it should be a list. Write [] for an empty list.',
        'product.yaml:12:3 error SPECIFICATION_VALUE_INVALID `slug` has no value; it should be a word: 1 to 40 characters, no spaces. Write one, or remove the line where none is meant.',
      ],
    ],
  ])

  it.each([
    ['', 'The document has no value; it should be a mapping with info, organization. Write its members.'],
    ['- a\n', 'The document should be a mapping with info, organization; it is a list.'],
  ])('a document that is no mapping: %j', (text, sentence) => {
    const files = [...shop([]).filter(({ path }) => path !== PRODUCT), { path: PRODUCT, text }]
    expect(told(checkSpecifications(files))).toEqual([`product.yaml error SPECIFICATION_VALUE_INVALID ${sentence}`])
  })

  it('members that templates print, for information', () => {
    const files = [
      ...shop([]).filter(({ path }) => path !== PRODUCT),
      { path: PRODUCT, text: 'info: {name: Shop}\norganization: {}\n' },
    ]
    expect(told(checkSpecifications(files))).toEqual([
      'product.yaml:1:1 notice SPECIFICATION_MEMBER_WANTED `info` has no `slug`, `developer_cli`, `db_name`, `base_port`.',
      'product.yaml:2:1 notice SPECIFICATION_MEMBER_WANTED `organization` has no `name`, `slug`, `git_host`, `git_org`, `docker_host`, `docker_org`.',
    ])
  })
})

describe('what YAML reads otherwise', () => {
  const quotes = (written: string): string => `Write it in quotes where it is meant as a text: "${written}".`
  it.each([
    ['on', 'true'],
    ['No', 'false'],
    ['010', 'the number 8'],
    ['0x1F', 'the number 31'],
    ['8:30', 'the number 510'],
    ['1_000', 'the number 1000'],
    ['1.10', 'the number 1.1'],
    ['2026-01-02', 'the date 2026-01-02'],
    ['2026-01-02 03:04:05', 'the moment 2026-01-02 03:04:05'],
    ['~', 'nothing'],
    ['!!bool yes', 'true'],
  ])('%s is read as %s where a text is wanted', (written, read) => {
    const [found] = toldAfter([[PRODUCT, 'db_name: corner_shop', `db_name: ${written} # comment`]])
    const plain = written.replace('!!bool ', '')
    expect(found).toContain(
      ` error SPECIFICATION_VALUE_INVALID \`db_name\` should be a word: 1 to 40 characters, no spaces; it is \`${plain}\`, which YAML reads as ${read}. ${quotes(plain)}`,
    )
  })

  it('what reads as it is written is not explained', () => {
    expect(toldAfter([[PRODUCT, 'db_name: corner_shop', 'db_name: 12']])).toEqual([
      `product.yaml:6:12 error SPECIFICATION_VALUE_INVALID \`db_name\` should be a word: 1 to 40 characters, no spaces; it is the number 12. ${quotes('12')}`,
    ])
  })

  after([
    [
      'a date where a year is wanted',
      [[PRODUCT, 'founded: 2026', 'founded: 2026-01-01']],
      [
        'product.yaml:11:12 error SPECIFICATION_VALUE_INVALID `founded` should be a whole number from 0 to 9999; it is `2026-01-01`, which YAML reads as the date 2026-01-01. Write digits alone.',
      ],
    ],
    [
      'numbers of another notation, in flow style too',
      [
        [PRODUCT, 'founded: 2026', 'founded: 0o3752'],
        [PRODUCT, 'base_port: 9000', 'base_port: 021450'],
        [ARCHITECTURE, 'port: 9002', 'port: 2_3_5_2_2'],
        [ARCHITECTURE, 'port: 9004', 'port: 9004.0'],
        [ARCHITECTURE, 'port: 9003', 'port: +9003'],
      ],
      [
        'architecture.yaml:24:46 warning SPECIFICATION_NUMBER_NOTATION `port` is `2_3_5_2_2`, which YAML reads as the number 23522. Write 23522.',
        'architecture.yaml:24:46 warning SPECIFICATION_PORT_GAP The repo "sale_api" has the port 23522, and no repo has the ports from 9004 to 23521.',
        'architecture.yaml:25:46 warning SPECIFICATION_PORT_GAP The repo "sale_spa" has the port 9003, and no repo has the port 9002.',
        'architecture.yaml:34:17 error SPECIFICATION_NUMBER_NOTATION `port` is the number 9004.0. Write 9004.',
        'product.yaml:7:14 warning SPECIFICATION_NUMBER_NOTATION `base_port` is `021450`, which YAML reads as the number 9000. Write 9000.',
        'product.yaml:11:12 error SPECIFICATION_VALUE_INVALID `founded` should be a whole number from 0 to 9999; it is the text "0o3752". Write digits alone.',
      ],
    ],
  ])
})

describe('names', () => {
  after([
    [
      'a collection that is in the catalog twice, in other capitals too',
      [[CATALOG, '  - name: Event\n', '  - name: Order\n  - name: ARTICLE\n  - name: Event\n']],
      [
        'catalog.yaml:7:11 error SPECIFICATION_NAME_REPEATED The catalog has the collection "Order" already (catalog.yaml:5). [catalog.yaml:5]',
        'catalog.yaml:8:11 error SPECIFICATION_NAME_REPEATED The catalog has the collection "ARTICLE" already as "Article" (catalog.yaml:3). [catalog.yaml:3]',
        'catalog.yaml:8:11 warning SPECIFICATION_NAME_UNUSED No domain controls, creates or consumes "ARTICLE".',
      ],
    ],
    [
      'environments, domains and repos that are there twice',
      [
        [ARCHITECTURE, '- name: live', '- name: dev'],
        [ARCHITECTURE, '- name: purchase\n', '- name: sale\n'],
        [ARCHITECTURE, 'name: purchase_api', 'name: sale_api'],
      ],
      [
        'architecture.yaml:6:13 error SPECIFICATION_NAME_REPEATED There is an environment "dev" already (architecture.yaml:5). [architecture.yaml:5]',
        'architecture.yaml:26:13 error SPECIFICATION_NAME_REPEATED There is a domain "sale" already (architecture.yaml:17). [architecture.yaml:17]',
        'architecture.yaml:32:17 error SPECIFICATION_NAME_REPEATED There is a repo "sale_api" already (architecture.yaml:24). [architecture.yaml:24]',
      ],
    ],
    [
      'a shared image that one domain runs twice; two domains may run one',
      [
        [ARCHITECTURE, 'name: sale_spa, type: spa,', 'name: mongodb_spa, type: spa_ref,'],
        [
          ARCHITECTURE,
          '        - name: purchase_api\n',
          '        - {name: a, type: spa_ref, port: 9005}\n        - {name: a, type: spa_ref, port: 9006}\n        - name: purchase_api\n',
        ],
      ],
      [
        'architecture.yaml:33:18 error SPECIFICATION_NAME_REPEATED The domain "purchase" has a reference to "a" already (architecture.yaml:32). [architecture.yaml:32]',
      ],
    ],
    [
      'a name that is in one list twice',
      [[ARCHITECTURE, 'controls: [Article]', 'controls: [Article, Article]']],
      [
        'architecture.yaml:20:29 error SPECIFICATION_NAME_REPEATED `controls` has "Article" already (architecture.yaml:20). [architecture.yaml:20]',
      ],
    ],
    [
      'a name that is not in the catalog, with the one that was meant',
      [[ARCHITECTURE, 'consumes: [Article]', 'consumes: [Articles, Weather]']],
      [
        'architecture.yaml:30:20 error SPECIFICATION_NAME_UNKNOWN The domain "purchase" consumes "Articles", which is not in the catalog. Did you mean "Article"?',
        'architecture.yaml:30:30 error SPECIFICATION_NAME_UNKNOWN The domain "purchase" consumes "Weather", which is not in the catalog.',
      ],
    ],
    [
      'a name that nobody uses, and one that nobody writes',
      [
        [CATALOG, '  - name: Event\n', '  - name: Weather\n  - name: Event\n'],
        [ARCHITECTURE, 'controls: [Order]', 'controls: []'],
      ],
      [
        'catalog.yaml:5:11 warning SPECIFICATION_NAME_UNWRITTEN The domain "sale" consumes "Order" (architecture.yaml:22), but no domain controls or creates it. [architecture.yaml:22]',
        'catalog.yaml:7:11 warning SPECIFICATION_NAME_UNUSED No domain controls, creates or consumes "Weather".',
      ],
    ],
  ])

  it.each([
    ['user', 'is not in PascalCase'],
    ['Purchase_Order', 'is not in PascalCase'],
    ['purchaseOrder', 'is not in PascalCase'],
    ['Users', 'looks like a plural'],
    ['Categories', 'looks like a plural'],
    ['LearningPaths', 'looks like a plural'],
  ])('%s as a collection %s', (name, says) => {
    expect(toldAfter([[CATALOG, '  - name: Event', `  - name: ${name}\n  - name: Event`]])).toContain(
      `catalog.yaml:7:11 warning SPECIFICATION_NAME_STYLE The name "${name}" ${says}.`,
    )
  })

  it.each(['Address', 'Status', 'Analysis', 'News', 'Series', 'Übung', 'FAQ', 'Canvas', 'Statistics', 'OAuth2Token'])(
    '%s as a collection is in order',
    (name) => {
      expect(toldAfter([[CATALOG, '  - name: Event', `  - name: ${name}\n  - name: Event`]])).toEqual([
        `catalog.yaml:7:11 warning SPECIFICATION_NAME_UNUSED No domain controls, creates or consumes "${name}".`,
      ])
    },
  )
})

describe('names that nothing can have', () => {
  it.each([
    ['Con', 'for a file that is called after it, "Con.yaml" cannot be the name of a file on Windows'],
    ['a|b', 'it has more than letters, digits, underscores and hyphens'],
    ['a/b', 'it has more than letters, digits, underscores and hyphens'],
    ['../../b', 'it has more than letters, digits, underscores and hyphens'],
    ['System', 'MongoDB keeps it for itself'],
    ['System.x', 'it has more than letters, digits, underscores and hyphens'],
    ['$x', 'it has more than letters, digits, underscores and hyphens'],
    ["O'Neil", 'it has more than letters, digits, underscores and hyphens'],
  ])('%s as a collection', (name, why) => {
    const found = toldAfter([[CATALOG, '  - name: Event', `  - name: ${name}\n  - name: Event`]])
    expect(found).toEqual([
      `catalog.yaml:7:11 error SPECIFICATION_NAME_UNUSABLE "${name}" cannot be the name of a collection: ${why}.`,
      expect.stringContaining('SPECIFICATION_NAME_UNUSED'),
    ])
  })

  it.each([
    ['a.b/c', 'it has "."'],
    ['a$b', 'it has "$"'],
    ['admin', 'MongoDB keeps it for itself'],
    ['本'.repeat(22), 'it has more than 63 bytes'],
  ])('%s as a database', (name, why) => {
    expect(toldAfter([[PRODUCT, 'db_name: corner_shop', `db_name: ${name}`]])).toEqual([
      `product.yaml:6:12 error SPECIFICATION_NAME_UNUSABLE "${name}" cannot be the name of a database: ${why}.`,
    ])
  })

  const PROJECT = 'letters from a to z and digits, with single underscores and hyphens between them'
  const IMAGE = 'letters from a to z and digits, with single dots, underscores and hyphens between them'
  it.each([
    [PRODUCT, 'slug: cornershop', 'slug: ', '4:9', "Corner$HOP's", PROJECT],
    [PRODUCT, 'slug: cornershop', 'slug: ', '4:9', 'corner_', PROJECT],
    [PRODUCT, 'slug: cornershop', 'slug: ', '4:9', 'corner.shop', PROJECT],
    [PRODUCT, 'docker_org: corner--shop', 'docker_org: ', '16:15', 'corner/shop', IMAGE],
    [PRODUCT, 'docker_org: corner--shop', 'docker_org: ', '16:15', 'Grüße', IMAGE],
    [ARCHITECTURE, 'name: sale_api', 'name: ', '24:19', 'sale+api', PROJECT],
  ] as const)('in %s, instead of "%s": %s%s %s', (file, former, member, place, name, wanted) => {
    expect(toldAfter([[file, former, `${member}${name}`]])).toEqual([
      `${file}:${place} error SPECIFICATION_NAME_UNUSABLE "${name}" cannot be a part of the names of images: it is made of ${wanted}.`,
    ])
  })

  it.each(['Corner-Shop', 'c0', 'corner__shop', 'a--b', '2nd'])('%s is a part of the name of an image', (name) => {
    expect(toldAfter([[PRODUCT, 'slug: cornershop', `slug: ${name}`]])).toEqual([])
    expect(toldAfter([[PRODUCT, 'docker_org: corner--shop', `docker_org: ${name}`]])).toEqual([])
  })
})

describe('a catalog without a collection', () => {
  it('is told', () => {
    const entries = SHOP[CATALOG].slice(SHOP[CATALOG].indexOf('data_dictionaries:'))
    expect(toldAfter([[CATALOG, entries, 'data_dictionaries: []\n']])).toContain(
      'catalog.yaml:2:1 warning SPECIFICATION_CATALOG_EMPTY The catalog has no collection.',
    )
  })
})

describe('who owns what', () => {
  after([
    [
      'two domains control a name',
      [[ARCHITECTURE, 'controls: [Order]', 'controls: [Order, Article]']],
      [
        'architecture.yaml:28:27 error SPECIFICATION_CONTROLLED_TWICE The domain "purchase" controls "Article", which the domain "sale" controls already (architecture.yaml:20). [architecture.yaml:20]',
        'architecture.yaml:30:20 error SPECIFICATION_ACCESS_REPEATED The domain "purchase" consumes "Article", which it controls as well (architecture.yaml:28). [architecture.yaml:28]',
      ],
    ],
    [
      'a name is controlled by one and created by others',
      [[ARCHITECTURE, 'controls: [Order]', 'controls: [Order, Event]']],
      [
        'architecture.yaml:21:19 error SPECIFICATION_CONTROLLED_AND_CREATED The domain "sale" creates "Event", which the domain "purchase" controls (architecture.yaml:28). [architecture.yaml:28]',
        'architecture.yaml:29:19 error SPECIFICATION_CONTROLLED_AND_CREATED The domain "purchase" creates "Event", which it controls (architecture.yaml:28). [architecture.yaml:28]',
      ],
    ],
    [
      'a domain reads what it creates',
      [[ARCHITECTURE, 'consumes: [Article]', 'consumes: [Article, Event]']],
      [
        'architecture.yaml:30:29 warning SPECIFICATION_ACCESS_REPEATED The domain "purchase" consumes "Event", which it creates as well (architecture.yaml:29). [architecture.yaml:29]',
      ],
    ],
    [
      'domains without a name are told apart too',
      [
        [ARCHITECTURE, '    - name: purchase\n      data_domains', '    - data_domains'],
        [ARCHITECTURE, 'controls: [Order]', 'controls: [Order, Article]'],
        [ARCHITECTURE, 'consumes: [Article]', 'consumes: []'],
      ],
      [
        'architecture.yaml:26:7 error SPECIFICATION_MEMBER_MISSING An entry of `domains` has no `name`.',
        'architecture.yaml:27:27 error SPECIFICATION_CONTROLLED_TWICE A domain without a name controls "Article", which the domain "sale" controls already (architecture.yaml:20). [architecture.yaml:20]',
      ],
    ],
    [
      'the domains that every product has',
      [
        [ARCHITECTURE, '- name: schema', '- name: shema'],
        [ARCHITECTURE, '- name: common_code', '- name: CommonCode'],
      ],
      [
        'architecture.yaml:7:3 error SPECIFICATION_DOMAIN_MISSING There is no domain "common_code".',
        'architecture.yaml:7:3 error SPECIFICATION_DOMAIN_MISSING There is no domain "schema".',
        'architecture.yaml:16:11 warning SPECIFICATION_PORT_MISSING The repo "api_utils" has no port; what starts the product cannot reach it.',
      ],
    ],
  ])
})

describe('repos and their ports', () => {
  after([
    [
      'one port for two repos',
      [[ARCHITECTURE, 'port: 9004', 'port: 9001']],
      [
        'architecture.yaml:34:17 error SPECIFICATION_PORT_REPEATED The repo "purchase_api" has the port 9001, which the repo "mongodb_spa" has already (architecture.yaml:13). [architecture.yaml:13]',
      ],
    ],
    [
      'a port below the first',
      [[PRODUCT, 'base_port: 9000', 'base_port: 9001']],
      [
        'architecture.yaml:12:49 error SPECIFICATION_PORT_BELOW_BASE The repo "mongodb_api" has the port 9000; ports are counted from `base_port`, 9001 (product.yaml:7). [product.yaml:7]',
      ],
    ],
    [
      'a port that the product keeps for itself is no gap, and two that are left out are one',
      [
        [PRODUCT, 'base_port: 9000', 'base_port: 8999'],
        [ARCHITECTURE, 'port: 9004', 'port: 9006'],
      ],
      [
        'architecture.yaml:34:17 warning SPECIFICATION_PORT_GAP The repo "purchase_api" has the port 9006, and no repo has the ports from 9004 to 9005.',
      ],
    ],
    [
      'no first port: nothing is counted, and two are still two',
      [
        [PRODUCT, '  base_port: 9000\n', ''],
        [ARCHITECTURE, 'port: 9004', 'port: 9000'],
        [ARCHITECTURE, 'port: 9003', 'port: 20000'],
      ],
      [
        'architecture.yaml:34:17 error SPECIFICATION_PORT_REPEATED The repo "purchase_api" has the port 9000, which the repo "mongodb_api" has already (architecture.yaml:12). [architecture.yaml:12]',
        'product.yaml:1:1 notice SPECIFICATION_MEMBER_WANTED `info` has no `base_port`.',
      ],
    ],
    [
      'no port',
      [[ARCHITECTURE, '          port: 9004\n', '']],
      [
        'architecture.yaml:32:11 warning SPECIFICATION_PORT_MISSING The repo "purchase_api" has no port; what starts the product cannot reach it.',
      ],
    ],
    [
      'a shared image has nothing that only a repository has',
      [[ARCHITECTURE, 'type: spa_ref, port: 9001', 'type: spa_ref, port: 9001, template: t, publish: npm']],
      [
        'architecture.yaml:13:59 error SPECIFICATION_REFERENCE_WITH_REPO The repo "mongodb_spa" is a `spa_ref`: it has no repository of its own, and so no `template`.',
        'architecture.yaml:13:72 error SPECIFICATION_REFERENCE_WITH_REPO The repo "mongodb_spa" is a `spa_ref`: it has no repository of its own, and so no `publish`.',
      ],
    ],
  ])
})

describe('what lies beside the documents', () => {
  const SCHEMAS = Object.fromEntries(
    ['Article', 'Order', 'Event'].map((name) => [`schemas/${name}.schema.json`, '{"type": "object"}']),
  )

  it('a schema for each collection is in order, and so are documents of any other kind', () => {
    const beside = { ...SCHEMAS, 'roadmap.yaml': 'hills: [one]\n', 'types/word.yaml': 'a: 1\n', 'README.md': ': [' }
    expect(toldAfter([], beside)).toEqual([])
  })

  it('a schema that is missing, is another name, or is none', () => {
    const { 'schemas/Article.schema.json': _, ...others } = SCHEMAS
    const beside = {
      ...others,
      'schemas/article.schema.json': '{}',
      'schemas/Weather.schema.json': '[]',
      'schemas/Order.schema.json': '{\n  "type": object\n}',
    }
    expect(toldAfter([], beside)).toEqual([
      'catalog.yaml:3:11 warning SPECIFICATION_SCHEMA_MISSING There is no schemas/Article.schema.json, while other collections have one.',
      'schemas/Order.schema.json:2:11 error SPECIFICATION_SCHEMA_INVALID The file is not JSON.',
      'schemas/Weather.schema.json error SPECIFICATION_SCHEMA_INVALID The file holds JSON, but no JSON Schema: that is an object.',
      'schemas/Weather.schema.json warning SPECIFICATION_SCHEMA_UNUSED The schema is that of "Weather", which is not in the catalog.',
      'schemas/article.schema.json warning SPECIFICATION_SCHEMA_UNUSED The schema is that of "article", which is not in the catalog. The catalog has "Article" (catalog.yaml:3): rename the file. [catalog.yaml:3]',
    ])
  })

  it('a document that cannot be read, of whatever name, and one that is not read', () => {
    const found = toldAfter([], { 'stakeholders.yaml': 'a: [\n', 'journeys.yml': 'a: 1\n', 'deep/X.YAML': '' })
    expect(found.slice(0, 2)).toEqual([
      'deep/X.YAML warning SPECIFICATION_FILE_UNREAD No template reads the file: names of documents end in .yaml. Rename it to "deep/X.yaml".',
      'journeys.yml warning SPECIFICATION_FILE_UNREAD No template reads the file: names of documents end in .yaml. Rename it to "journeys.yaml".',
    ])
    expect(found.slice(2)).toEqual([
      expect.stringMatching(/^stakeholders\.yaml:\d+:\d+ error SPECIFICATION_NOT_PARSABLE /),
    ])
  })

  it('a document and a folder of one name', () => {
    expect(toldAfter([], { 'deep/types.yaml': '', 'deep/types/word.yaml': '', 'deep/typesetting/x.yaml': '' })).toEqual(
      [
        'deep/types.yaml error SPECIFICATIONS_UNUSABLE There is a folder "deep/types" beside the file: templates know both by one name. Rename one of the two.',
      ],
    )
  })

  it('without a catalog nothing is said about names that it might have', () => {
    const files = shop([]).filter(({ path }) => path !== CATALOG)
    expect(told(checkSpecifications(files))).toEqual([
      'catalog.yaml error SPECIFICATION_DOCUMENT_MISSING There is no catalog.yaml.',
    ])
    const broken = [...files, { path: CATALOG, text: 'a: "' }]
    expect(told(checkSpecifications(broken))).toEqual([expect.stringContaining('error SPECIFICATION_NOT_PARSABLE')])
  })

  it.each(['Catalog.yaml', 'catalog.yml', 'deep/catalog.yaml'])('%s in place of catalog.yaml', (path) => {
    const files = shop([]).map((file) => (file.path === CATALOG ? { ...file, path } : file))
    expect(told(checkSpecifications(files))).toContain(
      `catalog.yaml error SPECIFICATION_DOCUMENT_MISSING There is no catalog.yaml. There is "${path}": templates look for catalog.yaml in the folder itself.`,
    )
  })

  it('nothing at all', () => {
    expect(told(checkSpecifications([]))).toEqual(
      Object.keys(SHOP)
        .sort()
        .map((file) => `${file} error SPECIFICATION_DOCUMENT_MISSING There is no ${file}.`),
    )
  })
})
