import type { BundledPackage } from './bundled-packages.ts'

const RULE = '='.repeat(80)
const LINE = '-'.repeat(80)

/**
 * What the licences of others want handed on with their code, for people: each package, its licence, and the texts that
 * come with it, in the order given. The same packages give the same text.
 *
 * @param product What it comes with, for example `@stage0/cli`.
 */
export function noticesOf(product: string, packages: readonly BundledPackage[]): string {
  const head = `${product} contains code or files of the ${packages.length} packages below.\nsbom.cdx.json beside this file is the same list for programs.\n`
  return [head, ...packages.map(noticeOf)].join(`\n${RULE}\n`)
}

function noticeOf({ name, version, licence, texts, patch }: BundledPackage): string {
  const lines = [`${name} ${version}`, `Licence: ${licence ?? 'none named'}`]
  if (patch !== undefined)
    lines.push('Changed: this copy is not as its authors published it; the change stands in sbom.cdx.json.')
  for (const { file, text } of texts)
    lines.push(LINE, file ?? 'The package brings no text of its licence. It is this one:', '', text)
  return `${lines.join('\n')}\n`
}
