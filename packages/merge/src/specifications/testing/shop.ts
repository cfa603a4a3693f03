import { checkSpecifications } from '../check-specifications.ts'
import { placeText, type Finding } from '../finding.ts'

/** Small specifications with which nothing is wrong. */
export const SHOP = {
  'product.yaml': `info:
  name: Corner Shop
  description: Sells what the neighbours need
  slug: cornershop
  developer_cli: cs
  db_name: corner_shop
  base_port: 9000
organization:
  name: Corner Shop Makers
  email: hello@shop.example
  founded: 2026
  slug: makers
  git_host: https://github.com
  git_org: corner--shop
  docker_host: ghcr.io
  docker_org: corner--shop
`,
  'catalog.yaml': `title: What the shop keeps
data_dictionaries:
  - name: Article
    description: Something that is sold
  - name: Order
    description: What somebody wants
  - name: Event
    description: What happened
`,
  'architecture.yaml': `architecture:
  organization: makers
  product: cornershop
  environments:
    - name: dev
    - name: live
  domains:
    - name: schema
      description: The database
      is_journey: false
      repos:
        - { name: mongodb_api, type: api, port: 9000, template: mongodb-api, publish: make }
        - { name: mongodb_spa, type: spa_ref, port: 9001 }
    - name: common_code
      repos:
        - { name: api_utils, type: api, publish: npm }
    - name: sale
      is_journey: yes
      data_domains:
        controls: [Article]
        creates: [Event]
        consumes: [Order]
      repos:
        - { name: sale_api, type: api, port: 9002 }
        - { name: sale_spa, type: spa, port: 9003 }
    - name: purchase
      data_domains:
        controls: [Order]
        creates: [Event]
        consumes: [Article]
      repos:
        - name: purchase_api
          type: api
          port: 9004
`,
} as const

/** A text that is there once, and what stands there instead. */
export type Change = readonly [file: keyof typeof SHOP, from: string, to: string]

/** The files of the shop after some changes, with others beside them. */
export function shop(changes: readonly Change[], beside: Readonly<Record<string, string>> = {}) {
  const files: Record<string, string> = { ...SHOP, ...beside }
  for (const [file, from, to] of changes) {
    const parts = (files[file] ?? '').split(from)
    if (parts.length !== 2) throw new TypeError(`${file} does not hold exactly once: ${from}`)
    files[file] = parts.join(to)
  }
  return Object.entries(files).map(([path, text]) => ({ path, text }))
}

/** `architecture.yaml:14:22 error CODE sentence` of each finding, with the hint where it has one of its own, and with the other place. */
export const told = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ code, severity, text, hint, at, other }) => {
    const place = `${placeText(at)}${at.column === undefined ? '' : `:${at.column}`}`
    return `${place} ${severity} ${code} ${text}${hint === undefined ? '' : ` ${hint}`}${other === undefined ? '' : ` [${placeText(other)}]`}`
  })

export const toldAfter = (changes: readonly Change[], beside?: Readonly<Record<string, string>>): readonly string[] =>
  told(checkSpecifications(shop(changes, beside)))
