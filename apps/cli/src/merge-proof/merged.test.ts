import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import {
  Mapping,
  openTemplate,
  planMerge,
  productOf,
  readSpecifications,
  type Product,
  type Value,
} from '@stage0/merge'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { filesIn, MENTORHUB, SHELF, TEMPLATE } from '../testing/products.ts'
import { replaceIn, temporaryFolder } from '../testing/temporary-folder.ts'

/** What must be there, of what may have failed. */
function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly unknown[] },
): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.value
}

const template = must(openTemplate(TEMPLATE))
const plan = (specifications: Mapping) => planMerge({ template, specifications, environment: {} })
const read = (folder: string) => must(readSpecifications(folder)).value
const textsOf = (product: Product): ReadonlyMap<string, string> =>
  new Map(
    [...product]
      .map(([path, entry]) => [path, entry.kind === 'file' ? Buffer.from(entry.bytes).toString('utf8') : ''] as const)
      .sort(),
  )
const merge = (specifications: Mapping) => textsOf(must(productOf(must(plan(specifications)), template)))

describe('the template mongodb-api', () => {
  it.each([
    ['mentorhub', MENTORHUB],
    ['its sample', SHELF],
  ])('makes of %s what is expected, byte for byte', (_what, { specifications, product }) => {
    expect(merge(read(specifications))).toEqual(filesIn(product))
  })

  it('leaves nothing of itself in a product: no marks of the language, no notice about templates', () => {
    for (const [path, text] of filesIn(MENTORHUB.product)) {
      expect(path).not.toMatch(/template/)
      // An expression of the workflow begins with a dollar.
      expect(text, path).not.toMatch(/(?<!\$)\{\{|\{%|\{#|\.stage0_template|\.template\b/)
      expect(text, path).toMatch(/[^\n]\n$/)
    }
  })

  it.each([
    ['info.name', 'product.yaml', '  name: Mentor Hub\n'],
    ['info.slug', 'product.yaml', '  slug: mentorhub\n'],
    ['info.db_name', 'product.yaml', '  db_name: mentor_hub\n'],
    ['organization.name', 'product.yaml', '  name: Mentor Hub Cooperative\n'],
    ['organization.email', 'product.yaml', '  email: hello@mentorhub.example\n'],
    ['organization.founded', 'product.yaml', '  founded: 2026\n'],
    ['organization.docker_host', 'product.yaml', '  docker_host: ghcr.io\n'],
    ['organization.docker_org', 'product.yaml', '  docker_org: mentor--hub\n'],
    ['repository.port', 'architecture.yaml', ', port: 8380'],
  ])('says that it needs %s', async (requirement, file, text) => {
    const folder = join(await temporaryFolder(), 'specifications')
    await cp(MENTORHUB.specifications, folder, { recursive: true })
    await replaceIn(folder, file, text, '')
    const planned = plan(read(folder))
    expect(planned).toMatchObject({
      ok: false,
      problems: [{ code: 'MERGE_REQUIREMENT_MISSING', message: expect.stringContaining(requirement) as string }],
    })
  })

  it.each([
    ['Journey', ''],
    ['Journey', 'yes'],
    ['Journey', '1.10'],
    ['Journey', '~'],
    ["O'Neil", "Who's who: 'first' and \"last\""],
    ['On', '- {{ name }} {% raw %} {# not a comment #} ${{ github.ref }}'],
    ['Null', '# no comment, no \\n line break, 100 % | > & * ! @ `'],
    ['N10', '  blanks around, and Grüße, 本, 🦉  '],
    ['Lines', 'a\n\n  b\rc\r\nd\te \\n "f"\n'],
  ])('keeps a name and a description as they are: %s, "%s"', (name, description) => {
    const texts = merge(catalogOf(name, description))
    expect(load(texts.get(`configurations/${name}.yaml`) ?? '')).toMatchObject({
      title: name,
      description,
      versions: [{ test_data: `${name}.0.1.0.0.json` }],
    })
    expect(load(texts.get(`dictionaries/${name}.0.1.0.yaml`) ?? '')).toMatchObject({ root: { description } })
    expect(texts.get(`test_data/${name}.0.1.0.0.json`)).toBe('[]\n')
  })

  it.each([
    ['a `b` [c](d) *e* <f> \\g', String.raw`: a \`b\` \[c](d) \*e\* \<f> \\g`],
    ['  one\ntwo\r\nthree | four\n', ': one two  three | four'],
    ['', ''],
  ])('lists a collection in a line of the README, whatever is said of it: %j', (description, shown) => {
    const readme = merge(catalogOf('Article', description)).get('README.md')
    expect(readme).toContain(`\n\n- [Article](configurations/Article.yaml)${shown}\n\nEach begins`)
  })

  it('makes a repository without collections of an empty catalog', () => {
    const texts = merge(withCatalog([]))
    expect(texts.get('README.md')).toContain('## Collections\n\nNone yet: the catalog is empty.\n\n## What is where\n')
    expect(texts.get('README.md')).toContain('stage0 schemas --repository .\n```\n\n### Check\n')
    expect([...texts.keys()].filter((path) => /^(configurations|dictionaries|test_data)\//.test(path))).toEqual([])
  })

  it('keeps the compose file readable, whatever the product is called', async () => {
    const folder = join(await temporaryFolder(), 'specifications')
    await cp(SHELF.specifications, folder, { recursive: true })
    await replaceIn(folder, 'product.yaml', '  slug: shelf', `  slug: "Corner$HOP's"`)
    // To compose a dollar that stands for itself is two of them.
    expect(load(merge(read(folder)).get('compose.yaml') ?? '')).toMatchObject({
      name: "corner$$hop's_mongodb_api",
      services: { deploy: { image: "ghcr.io/readers--circle/corner$$hop's_mongodb_api" } },
      networks: { default: { name: "corner$$hop's_mongodb_api" } },
    })
  })
})

const mapping = (entries: Readonly<Record<string, Value>>): Mapping => Mapping.of(Object.entries(entries))

const catalogOf = (name: string, description: string): Mapping => withCatalog([mapping({ name, description })])

/** The specifications of the sample, with another catalog. */
function withCatalog(entries: readonly Mapping[]): Mapping {
  const sample = read(SHELF.specifications)
  return Mapping.of([...sample.entries(), ['catalog', mapping({ data_dictionaries: entries })]])
}
