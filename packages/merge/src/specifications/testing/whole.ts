import type { DocumentName } from '../schemas.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Documents that use every member that there is, as values; nothing is wrong with their form. */
export const WHOLE: Readonly<Record<DocumentName, Json>> = {
  product: {
    $schema: './product.schema.json',
    $id: 'shop',
    title: '',
    info: {
      name: 'Corner Shop',
      description: 'x'.repeat(255),
      slug: 'cornershop',
      developer_cli: 'cs',
      db_name: 'corner_shop',
      base_port: 0,
    },
    organization: {
      name: '',
      email: 'hello@shop.example',
      founded: 9999,
      slug: 'makers',
      git_host: 'https://github.com',
      git_org: 'corner--shop',
      docker_host: 'ghcr.io',
      docker_org: '\u{1f3e0}'.repeat(40),
    },
  },
  catalog: {
    $schema: '',
    $id: '',
    title: 'Catalog',
    data_dictionaries: [{ name: 'Article', description: 'x' }, { name: 'Order' }],
  },
  architecture: {
    $schema: '',
    $id: '',
    title: 'Architecture',
    architecture: {
      organization: 'makers',
      product: 'cornershop',
      environments: [{ name: 'dev' }],
      domains: [
        { name: 'schema' },
        {
          name: 'sale',
          description: 'Sells',
          is_journey: true,
          data_domains: { controls: ['Article'], creates: [], consumes: ['Order', 'Order'] },
          repos: [
            { name: 'a', description: '', type: 'api', port: 65_535, template: 't', publish: 'make' },
            { name: 'b', type: 'spa', publish: 'npm' },
            { name: 'c', type: 'spa_ref', publish: 'pipenv' },
          ],
        },
      ],
    },
  },
}
