import { Mapping } from '../value.ts'
import type { SpecificationDocument } from './document.ts'
import type { Finding } from './finding.ts'
import { valueAt } from './model.ts'

/** What nearly every template prints. A product is of the right form without them; the merge says where it needs one. */
const WANTED = {
  info: ['name', 'slug', 'developer_cli', 'db_name', 'base_port'],
  organization: ['name', 'slug', 'git_host', 'git_org', 'docker_host', 'docker_org'],
} as const

/** Members of the product document that are missing and that templates use. */
export const checkWanted = (product: SpecificationDocument): readonly Finding[] =>
  Object.entries(WANTED).flatMap(([owner, names]) => {
    const mapping = valueAt(product.value, [owner])
    const missing = mapping instanceof Mapping ? names.filter((name) => !mapping.has(name)) : []
    if (missing.length === 0) return []
    return [
      {
        code: 'SPECIFICATION_MEMBER_WANTED',
        severity: 'notice',
        text: `\`${owner}\` has no ${missing.map((name) => `\`${name}\``).join(', ')}.`,
        at: product.place([owner], 'key'),
      },
    ]
  })

/** A catalog in which there is no collection yet. */
export function checkEmpty(catalog: SpecificationDocument): readonly Finding[] {
  const entries = valueAt(catalog.value, ['data_dictionaries'])
  if (!Array.isArray(entries) || entries.length > 0) return []
  return [
    {
      code: 'SPECIFICATION_CATALOG_EMPTY',
      severity: 'warning',
      text: 'The catalog has no collection.',
      at: catalog.place(['data_dictionaries'], 'key'),
    },
  ]
}
