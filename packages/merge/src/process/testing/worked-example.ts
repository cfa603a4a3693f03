import { Mapping, type Value } from '../../value.ts'

/** Values from plain ones, for tests. Whole numbers are integers. */
export function valueOf(plain: unknown): Value {
  if (Array.isArray(plain)) return plain.map(valueOf)
  if (typeof plain === 'object' && plain !== null) return mappingOf(plain)
  if (typeof plain === 'number') return Number.isInteger(plain) ? BigInt(plain) : plain
  if (plain === null || typeof plain === 'string' || typeof plain === 'boolean') return plain
  throw new Error(`no value: ${String(plain)}`)
}

export const mappingOf = (plain: object): Mapping =>
  Mapping.of(Object.entries(plain).map(([key, value]) => [key, valueOf(value)]))

export const CONTROL = `
environment: { SERVICE_NAME: which domain to generate }
context:
  - { key: info,    type: path, path: specifications.product.info }
  - { key: domains, type: path, path: specifications.architecture.architecture.domains }
  - { key: service, type: selector, path: domains, filter: { property: name, value: "{{ SERVICE_NAME }}" } }
requires: [info.slug, info.db_name, service.repos]
templates:
  - { path: ./compose.env, merge: true }
  - { path: ./README.md.template, merge: true, output: "./README.md" }
  - { path: ./Makefile, merge: true, output: /dev/null }
  - { path: ./configurations/one.yaml.template, mergeFor: { items: specifications.catalog.data_dictionaries, output: "./configurations/{{ name }}.yaml" } }
  - { path: ./routes.template, mergeFor: { items: service.data_domains.controls, output: "./{{ item | lower }}.routes.ts" } }
  - { path: ./type.template, mergeFrom: { items: specifications.types, output: "./{{ item.name }}.type.yaml" } }
`

export const FILES = {
  'compose.env': 'PORT={{ service.repos[0].port }}\nSERVICE=[{{ SERVICE_NAME }}]\n',
  'README.md.template': '# {{ info.name }}\n',
  Makefile: 'test:\n\techo {{ info.slug }}\n',
  'configurations/one.yaml.template': 'name: {{ item.name }}\ndescription: {{ description }}\nof: {{ info.slug }}\n',
  'routes.template': 'export const {{ item }} = "{{ name }}"\n',
  'type.template': 'name: {{ item.name }}\ndescription: {{ item.content.description }}\n',
  'src/untouched.ts': 'const braces = "{{ these stay }}"\n',
  '.stage0_template/process.yaml': CONTROL,
  '.stage0_template/README.md': 'how to use it',
}

export const SPECIFICATIONS = mappingOf({
  product: { info: { name: 'Mentor Hub', slug: 'mentorhub', db_name: 'mentor_hub' } },
  catalog: {
    data_dictionaries: [
      { name: 'Profile', description: "A person's preferences" },
      { name: 'Note', description: 'What somebody wrote' },
    ],
  },
  types: { word: { description: 'A word', schema: { type: 'string' } } },
  architecture: {
    architecture: {
      domains: [
        {
          name: 'mentee',
          repos: [{ name: 'mentee_api', type: 'api', port: 8393 }],
          data_domains: { controls: ['Journey', 'Note'], creates: [], consumes: [] },
        },
      ],
    },
  },
})
