import { integer, list, mapping, sentence, word, type Form, type MappingForm } from './form.ts'

/** The three documents, by the name of their file without its ending. */
export type DocumentName = 'product' | 'catalog' | 'architecture'

/** Keys by which editors and other programs know a document; templates do not use them. */
const HEADER: Readonly<Record<string, Form>> = {
  $schema: { description: 'The JSON Schema that the document keeps to.', type: 'string' },
  $id: { description: 'The identity of the document.', type: 'string' },
  title: { description: 'The title of the document, for people.', type: 'string' },
}

const PORTS = [0, 65_535] as const

const INFO = mapping('The product.', {
  name: sentence('The name, as people write it.', 'Mentor Hub'),
  description: sentence('What the product is for.'),
  slug: word('The name in images, packages and repositories: `<slug>_<name of the repo>`.', 'mentorhub'),
  developer_cli: {
    description: 'The name of the command for its developers.',
    type: 'string',
    maxLength: 3,
    examples: ['mh'],
  },
  db_name: word('The name of the database.', 'mentor_hub'),
  base_port: integer('The port from which the ports of the repos are counted.', PORTS, 8390),
})

const ORGANIZATION = mapping('Who makes the product.', {
  name: sentence('The name, for the licence.', 'Mentor Hub Foundation'),
  email: sentence('Where people write to.', 'hello@example.com'),
  founded: integer('The year, for the licence.', [0, 9999], 2026),
  slug: word('The name in identifiers.', 'mentorhub'),
  git_host: { description: 'Where its repositories are.', type: 'string', const: 'https://github.com' },
  git_org: word('The organization or user there.', 'mentorhub'),
  docker_host: { description: 'Where its images are.', type: 'string', const: 'ghcr.io' },
  docker_org: word('The organization or user there.', 'mentorhub'),
})

const CATALOG_ENTRY = mapping(
  'One collection.',
  {
    name: word('The name of the collection: PascalCase, singular.', 'Profile'),
    description: sentence('What one document of it is.', 'A person with what they like'),
  },
  ['name'],
)

const names = (description: string) => list(description, word('A name of the catalog.', 'Profile'))

const DATA_DOMAINS = mapping(
  'What the domain does with the collections of the catalog.',
  {
    controls: names('It alone reads and writes these.'),
    creates: names('It adds documents to these and changes none.'),
    consumes: names('It reads these.'),
  },
  ['controls', 'creates', 'consumes'],
)

const REPO = mapping(
  'A repository of the domain, or a shared image that it runs.',
  {
    name: word('The name; that of the repository is `<slug>_<name>`.', 'mentee_api'),
    description: sentence('What it is.'),
    type: {
      description: 'A service, a single page application, or a reference to a shared image, which has no repository.',
      type: 'string',
      enum: ['api', 'spa', 'spa_ref'],
    },
    port: integer('Where it listens on the machine of a developer; no two have the same.', [1, PORTS[1]], 8391),
    template: word('The template that it is made of.'),
    publish: { description: 'How it is published.', type: 'string', enum: ['make', 'npm', 'pipenv'] },
  },
  ['name', 'type'],
)

const DOMAIN = mapping(
  'A part of the product with services and pages of its own.',
  {
    name: word('The name, by which a template is told which domain to make.', 'mentee'),
    description: sentence('What it is about.'),
    is_journey: { description: 'Whether people come to it by themselves.', type: 'boolean' },
    data_domains: DATA_DOMAINS,
    repos: list('Its repositories.', REPO),
  },
  ['name'],
)

const ARCHITECTURE = mapping(
  'How the product is built.',
  {
    organization: sentence('Who makes it.', 'mentorhub'),
    product: sentence('What it is called.', 'mentorhub'),
    environments: list('Where it runs.', mapping('An environment.', { name: word('Its name.', 'staging') }, ['name'])),
    domains: list('Its parts; `schema` and `common_code` are always among them.', DOMAIN),
  },
  ['environments', 'domains'],
)

const document = (description: string, properties: Readonly<Record<string, Form>>): MappingForm =>
  mapping(description, { ...HEADER, ...properties }, Object.keys(properties))

/** What each document may hold. The check reads these as they are, so it cannot differ from what is published. */
export const DOCUMENT_FORMS: Readonly<Record<DocumentName, MappingForm>> = {
  product: document('What is made, and by whom.', { info: INFO, organization: ORGANIZATION }),
  catalog: document('The collections of the product.', {
    data_dictionaries: list('All of them, each once.', CATALOG_ENTRY),
  }),
  architecture: document('The parts of the product, and who owns which collection.', { architecture: ARCHITECTURE }),
}

/** The JSON Schemas (2020-12) of the three documents as files, ready to be written: for editors and other programs. */
export const specificationSchemaFiles = (): readonly { readonly name: string; readonly text: string }[] =>
  (Object.keys(DOCUMENT_FORMS) as DocumentName[]).map((name) => ({
    name: `${name}.schema.json`,
    text: `${JSON.stringify(publishedSchema(name), null, 2)}\n`,
  }))

/** The schema of one document, as it is published. */
export const publishedSchema = (name: DocumentName): object => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `urn:stage0:schema:${name}`,
  title: `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
  ...DOCUMENT_FORMS[name],
})
