// Who may import whom: one table, the rest is derived from it. A package is a different set of allowed dependencies.

/** Each package, what of ours it may import, and why not more: the reason is the message of the rule. */
const TABLE = [
  ['packages/types', [], 'types are what crosses a process border: they depend on nothing of ours, and hold no logic'],
  [
    'packages/bson-schema',
    [],
    'bson-schema is used by the console, the engine and the embedded server alike: it depends on nothing of ours',
  ],
  [
    'packages/core',
    ['types', 'bson-schema'],
    'core is pure and browser-safe: it knows values and contracts, and no adapter',
  ],
  [
    'packages/engine',
    ['types', 'bson-schema', 'core'],
    'the engine talks to the outside through ports only: no driver, no file system',
  ],
  [
    'packages/workspace',
    ['types', 'bson-schema', 'core', 'engine'],
    'workspace is an adapter for files: it knows no other adapter',
  ],
  [
    'packages/mongo',
    ['types', 'bson-schema', 'core', 'engine'],
    'mongo is an adapter for the database: it knows no other adapter',
  ],
  ['packages/embedded', ['bson-schema'], 'embedded must behave like a server that has never heard of Stage0'],
  [
    'packages/merge',
    [],
    'merge turns a template and specifications into files, whatever they are for: it knows nothing of databases',
  ],
  ['packages/templates', [], 'templates are trees of files'],
  ['packages/testkit', [], 'testkit serves the tests of every package, so it depends on none of them'],
  [
    'packages/tooling',
    ['types', 'core', 'workspace', 'merge'],
    'tooling reads catalogues and schemas to write pages, nothing else',
  ],
  [
    'apps/cli',
    ['types', 'bson-schema', 'core', 'engine', 'workspace', 'mongo', 'embedded', 'merge', 'templates', 'apps/api'],
    'the command wires adapters to the engine, starts the service, and needs no development package',
  ],
  [
    'apps/api',
    ['types', 'bson-schema', 'core', 'engine', 'workspace', 'mongo'],
    'the service wires adapters to the engine; it must work without the embedded server and the console',
  ],
  ['packages/api-client', ['types'], 'the client is made from the contract alone'],
  ['packages/vue-kit', [], 'the kit has no app nouns: any console can be built from it'],
  [
    'apps/spa',
    ['types', 'bson-schema', 'core', 'api-client', 'vue-kit'],
    'the console runs in a browser: it meets the engine over HTTP only',
  ],
  ['e2e', ['types', 'testkit'], 'end to end means from the outside: what is tested is what is served'],
]

const PURE = ['types', 'bson-schema', 'core', 'engine']
const TESTS = '(\\.test\\.ts$|/testing/)'
const ours = (names) => `^(${names.map((name) => (name.includes('/') ? name : `packages/${name}`)).join('|')})/`

const tableRules = TABLE.map(([from, allowed, why]) => ({
  name: `${from.replace('/', '-')}-imports`,
  comment: why,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: TESTS },
  to: { path: '^(packages|apps|e2e)/', pathNot: [`^${from}/`, ...(allowed.length > 0 ? [ours(allowed)] : [])] },
}))

const CORE_ORDER = [
  ['model', ['render', 'diff', 'plan', 'edit']],
  ['render', ['diff', 'edit']],
  ['plan', ['render', 'edit']],
]
const coreRules = CORE_ORDER.map(([from, later]) => ({
  name: `core-${from}-is-first`,
  comment: `data flows files, model, render, plan: ${from} must not need what comes after it (naming a type is allowed)`,
  severity: 'error',
  from: { path: `^packages/core/src/${from}/`, pathNot: TESTS },
  to: { path: `^packages/core/src/(${later.join('|')})/`, dependencyTypesNot: ['type-only'] },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...tableRules,
    ...coreRules,
    {
      name: 'adapters-know-ports-only',
      comment: 'an adapter implements the ports of the engine: it names their types and calls nothing of it',
      severity: 'error',
      from: { path: '^packages/(workspace|mongo)/', pathNot: TESTS },
      to: { path: '^packages/engine/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pure-packages-have-no-io',
      comment:
        'pure packages run in the browser too and are tested without a machine: clock, randomness and I/O are arguments',
      severity: 'error',
      from: { path: ours(PURE), pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'one-package-names-the-driver',
      comment:
        'only packages/mongo names mongodb: foreign errors and types are translated where they are understood (tests may use it to look at a server)',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: ['^packages/mongo/', TESTS] },
      to: { path: 'node_modules/mongodb/' },
    },
    {
      name: 'tests-stay-in-tests',
      comment: 'what only tests use must not be reachable from what ships',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: [TESTS, '^packages/testkit/'] },
      to: { path: ['^packages/testkit/', TESTS] },
    },
    {
      name: 'packages-by-their-face',
      comment: 'a package is imported by its name; src/index.ts is its face, and the style sheet that it exports',
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/' },
      to: { path: '^packages/[^/]+/src/(?!(index\\.ts|styles/index\\.css)$)', pathNot: '^$1/$2/' },
    },
    {
      name: 'no-cycles',
      comment: 'a cycle has no first file to read',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'an import that nobody can follow is a typo or an undeclared dependency',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.lint.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@stage0/source', 'types', 'import', 'node', 'default'],
    },
  },
}
