import type { Problem } from '@stage0/types'
import { FileReader } from './file-reader.ts'
import type { RawFile } from './files.ts'
import { wholeFile } from './locate.ts'
import type { Configuration, ConfigurationVersion } from './model.ts'
import { readVersion } from './configuration-version.ts'
import { compareVersions, versionText } from './version-number.ts'

/** `name` is a legacy attribute: tolerated, without meaning. */
export const KNOWN = new Set(['file_name', '_locked', 'title', 'description', 'versions', 'name'])

/** The collection that a configuration file is for: its name before the first dot. */
export const collectionOf = (fileName: string): string => fileName.slice(0, Math.max(0, fileName.indexOf('.')))

/** A configuration, or `undefined` when the file cannot be used as one. Findings are added to `problems`. */
export function readConfiguration(file: RawFile, problems: Problem[]): Configuration | undefined {
  const reader = new FileReader(file, problems)
  const map = reader.root
  if (map === undefined) return undefined
  const name = collectionOf(file.name)
  if (name === '' || name.includes('$') || name.startsWith('system.') || name === 'system') {
    const text = `\`${name}\` is not a name that MongoDB gives to a collection.`
    reader.error('COLLECTION_NAME_INVALID', { start: 0, end: 0 }, text, 'Rename the file.')
  }
  reader.onlyKnown(map, KNOWN)
  reader.text(map, 'file_name', 'display')
  const versions: ConfigurationVersion[] = []
  for (const node of reader.list(map, 'versions')) {
    const version = readVersion(reader, node)
    if (version !== undefined) versions.push(version)
  }
  return {
    name,
    title: reader.text(map, 'title', 'display') ?? '',
    description: reader.text(map, 'description', 'display') ?? '',
    locked: reader.flag(map, '_locked'),
    versions: inOrder(reader, versions),
    at: wholeFile(file),
  }
}

/** Sorted, each number once; of equal numbers the first in the file stays. */
function inOrder(reader: FileReader, versions: readonly ConfigurationVersion[]): ConfigurationVersion[] {
  const byNumber = new Map<string, ConfigurationVersion>()
  let highest: ConfigurationVersion | undefined
  for (const version of versions) {
    const number = versionText(version.number)
    if (byNumber.has(number)) {
      const text = `Version ${number} is declared twice in this configuration.`
      reader.error(
        'VERSION_DUPLICATE',
        version.at,
        text,
        'Remove or renumber one of them; a missing fourth number is 0.',
      )
      continue
    }
    byNumber.set(number, version)
    if (highest !== undefined && compareVersions(version.number, highest.number) < 0) {
      const text = `Version ${number} stands behind ${versionText(highest.number)}, but is applied before it.`
      reader.warn('VERSION_ORDER', version.at, text, 'Sort the versions in the file.')
    } else highest = version
  }
  return [...byNumber.values()].sort((a, b) => compareVersions(a.number, b.number))
}
