import { readYaml, type YamlDocument } from '../values/read-yaml.ts'
import { checkHomonyms, checkSchemas, checkUnread } from './check-companions.ts'
import { checkForm } from './check-form.ts'
import { checkArchitectureNames, checkCatalogNames } from './check-names.ts'
import { checkOwnership } from './check-ownership.ts'
import { checkMandatoryDomains, checkPorts, checkReferences } from './check-repos.ts'
import { checkProductNames, checkRepoNames } from './check-usable.ts'
import { checkEmpty, checkWanted } from './check-wanted.ts'
import { described, SpecificationDocument } from './document.ts'
import type { SpecificationFile } from './files.ts'
import { placeText, shown, type Finding } from './finding.ts'
import { architectureOf, catalogOf, portAt } from './model.ts'
import { DOCUMENT_FORMS, type DocumentName } from './schemas.ts'

const NAMES = Object.keys(DOCUMENT_FORMS) as readonly DocumentName[]

/**
 * Whether specifications are of the form that templates expect, and do not contradict themselves: product, catalog and
 * architecture, and what lies beside them.
 *
 * @param files All files of the folder, in any order; those that are neither documents nor schemas are passed over.
 * @returns Everything that is found, in the order of files and lines. Never throws, whatever the files hold.
 */
export function checkSpecifications(files: readonly SpecificationFile[]): readonly Finding[] {
  const findings: Finding[] = [...checkUnread(files), ...checkHomonyms(files)]
  const documents = readDocuments(files, findings)
  const { product, catalog, architecture } = documents
  for (const name of NAMES) {
    const document = documents[name]
    if (document !== undefined) findings.push(...checkForm(document, DOCUMENT_FORMS[name]))
  }
  const names = catalog === undefined ? undefined : catalogOf(catalog)
  findings.push(...checkCatalogNames(names ?? []), ...checkSchemas(files, names))
  if (catalog !== undefined) findings.push(...checkEmpty(catalog))
  if (product !== undefined) findings.push(...checkWanted(product), ...checkProductNames(product))
  if (architecture !== undefined) {
    const built = architectureOf(architecture)
    const base = product && portAt(product, ['info', 'base_port'])
    findings.push(...checkArchitectureNames(built), ...checkRepoNames(built))
    findings.push(...checkMandatoryDomains(built), ...checkReferences(built))
    findings.push(...checkPorts(built, base), ...checkOwnership(built.domains, names))
  }
  return findings.sort(byPlace)
}

/** Reads all of them: templates read them all, so one that is broken stops every merge. */
function readDocuments(
  files: readonly SpecificationFile[],
  findings: Finding[],
): Readonly<Partial<Record<DocumentName, SpecificationDocument>>> {
  const read = new Map<string, SpecificationDocument>()
  for (const { path, text } of files.filter((file) => file.path.endsWith('.yaml'))) {
    const yaml = readYaml(text, path)
    if (yaml.ok) {
      read.set(path, new SpecificationDocument(path, text, yaml.value))
      findings.push(...yaml.value.repeatedKeys.map(repeatedKey))
    } else
      for (const { code, message, hint, at } of yaml.problems)
        findings.push({
          code,
          severity: 'error',
          text: message,
          ...(hint === undefined ? {} : { hint }),
          at: at ?? { file: path },
        })
  }
  const missing = NAMES.map((name) => `${name}.yaml`).filter((file) => !files.some(({ path }) => path === file))
  findings.push(...missing.map((file) => missingDocument(file, files)))
  return Object.fromEntries(NAMES.map((name) => [name, read.get(`${name}.yaml`)]))
}

/** Says where something is that was probably meant: below, or in other letters. */
function missingDocument(file: string, files: readonly SpecificationFile[]): Finding {
  const meant = files.find(({ path }) => `/${path.toLowerCase()}`.replace(/\.yml$/, '.yaml').endsWith(`/${file}`))
  return {
    code: 'SPECIFICATION_DOCUMENT_MISSING',
    severity: 'error',
    text: `There is no ${file}.`,
    ...(meant === undefined
      ? {}
      : { hint: `There is ${shown(meant.path)}: templates look for ${file} in the folder itself.` }),
    at: { file },
  }
}

const repeatedKey = ({ key, at, first }: YamlDocument['repeatedKeys'][number]): Finding => ({
  code: 'SPECIFICATION_MEMBER_REPEATED',
  severity: 'error',
  text: `The key ${typeof key === 'string' ? shown(key) : described(key, undefined)} stands here again (${placeText(first)}); templates see this one alone.`,
  at,
  other: first,
})

const byPlace = (a: Finding, b: Finding): number =>
  compareText(a.at.file, b.at.file) ||
  (a.at.line ?? 0) - (b.at.line ?? 0) ||
  (a.at.column ?? 0) - (b.at.column ?? 0) ||
  compareText(a.code, b.code) ||
  compareText(a.text, b.text)

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
