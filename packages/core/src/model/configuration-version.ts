import type { YamlMap, YamlNode } from '../text/yaml-node.ts'
import { kindOf, type FileReader } from './file-reader.ts'
import { readIndexes } from './index-list.ts'
import type { AllowedRisk, ConfigurationVersion, Located } from './model.ts'
import { isPlainFileName } from './names.ts'
import { parseVersion } from './version-number.ts'

export const KNOWN = new Set([
  'version',
  'drop_indexes',
  'migrations',
  'add_indexes',
  'test_data',
  '_locked',
  'validation',
  'allow',
  'down',
  'migration',
])
const LEVELS = ['off', 'moderate', 'strict', 'constraint'] as const
const ACTIONS = ['error', 'warn', 'errorAndLog'] as const
const MIGRATION_MODES = ['as-written', 'update'] as const

/** One entry of `versions`, or `undefined` when it has no usable number; what else is wrong is reported in any case. */
export function readVersion(reader: FileReader, node: YamlNode): ConfigurationVersion | undefined {
  if (node.kind !== 'map') {
    const text = `A version must be a mapping; it is ${kindOf(node)}.`
    reader.error('ATTRIBUTE_KIND', node, text, 'Write `- version: 1.0.0.0` and its attributes below.')
    return undefined
  }
  reader.onlyKnown(node, KNOWN)
  const numbered = readNumber(reader, node)
  const content = {
    dropIndexes: readDropIndexes(reader, node),
    addIndexes: readIndexes(reader, node),
    migrations: readFileNames(reader, node, 'migrations'),
    migrationMode: readMigrationMode(reader, node),
    testData: readTestData(reader, node),
    validation: readValidation(reader, node),
    allow: readAllow(reader, node),
    down: readFileNames(reader, node, 'down'),
    locked: reader.flag(node, '_locked'),
    at: reader.at(node),
  }
  return numbered && { ...numbered, ...content }
}

function readNumber(reader: FileReader, map: YamlMap): Pick<ConfigurationVersion, 'number' | 'written'> | undefined {
  const node = map.get('version')
  const hint = 'Write `major.minor.patch.enumerators`, for example 1.0.0.1.'
  if (node === undefined) {
    reader.error('ATTRIBUTE_MISSING', map, 'This version has no `version`.', hint)
    return undefined
  }
  const written = node.kind === 'scalar' ? node.text : ''
  const number = parseVersion(written)
  if (number === undefined) {
    reader.error('VERSION_INVALID', node, `\`version\` is not a version number: it is ${kindOf(node)}.`, hint)
    return undefined
  }
  if (number.every((part) => part === 0)) {
    const text = `Version ${written} would never be applied: a collection without a version counts as 0.0.0.0.`
    reader.error('VERSION_ZERO', node, text, 'Begin with 1.0.0.0.')
    return undefined
  }
  return { number, written }
}

function readDropIndexes(reader: FileReader, map: YamlMap): { name: string; at: Located }[] {
  const names: { name: string; at: Located }[] = []
  for (const node of reader.list(map, 'drop_indexes')) {
    const name = readText(
      reader,
      node,
      'An entry of `drop_indexes`',
      'Write the name of the index alone: `- statusIndex`.',
    )
    if (name !== undefined) names.push({ name, at: reader.at(node) })
  }
  return names
}

function readFileNames(reader: FileReader, map: YamlMap, attribute: string): { file: string; at: Located }[] {
  const files: { file: string; at: Located }[] = []
  for (const node of reader.list(map, attribute)) {
    const file = readFileName(reader, node, `An entry of \`${attribute}\``)
    if (file !== undefined) files.push({ file, at: reader.at(node) })
  }
  return files
}

function readTestData(reader: FileReader, map: YamlMap): ConfigurationVersion['testData'] {
  const node = map.get('test_data')
  if (node === undefined || (node.kind === 'scalar' && kindOf(node) === 'empty')) return undefined
  const file = readFileName(reader, node, '`test_data`')
  return file === undefined ? undefined : { file, at: reader.at(node) }
}

function readFileName(reader: FileReader, node: YamlNode, what: string): string | undefined {
  const name = readText(reader, node, what, 'Write the name of a file.')
  if (name === undefined || isPlainFileName(name)) return name
  const text = `${what} is not a plain file name: ${JSON.stringify(name)}.`
  reader.error('NAME_NOT_PLAIN', node, text, 'Name a file in its folder, without a path.')
  return undefined
}

function readText(reader: FileReader, node: YamlNode, what: string, hint: string): string | undefined {
  if (node.kind === 'scalar' && reader.ambiguous(node, 'meaning')) return undefined
  if (node.kind === 'scalar' && kindOf(node) !== 'empty' && node.text !== '') return node.text
  const isText = node.kind === 'scalar' && node.text === ''
  reader.error('ATTRIBUTE_KIND', node, `${what} must be a text; it is ${isText ? 'empty' : kindOf(node)}.`, hint)
  return undefined
}

function readMigrationMode(reader: FileReader, map: YamlMap): ConfigurationVersion['migrationMode'] {
  const migration = reader.map(map, 'migration')
  if (migration === undefined) return 'as-written'
  reader.onlyKnown(migration, new Set(['mode']))
  return readChoice(reader, migration, 'mode', MIGRATION_MODES, 'as-written')
}

function readValidation(reader: FileReader, map: YamlMap): ConfigurationVersion['validation'] {
  const validation = reader.map(map, 'validation')
  if (validation === undefined) return { level: 'moderate', action: 'error' }
  reader.onlyKnown(validation, new Set(['level', 'action']))
  const level = readChoice(reader, validation, 'level', LEVELS, 'moderate')
  const action = readChoice(reader, validation, 'action', ACTIONS, 'error')
  if (level === 'constraint' && action === 'warn') {
    const text = 'The level `constraint` guarantees valid documents, so its action cannot be `warn`.'
    reader.error('ATTRIBUTE_KIND', validation, text, 'Use the action `error` or `errorAndLog`.')
  }
  return { level, action }
}

function readChoice<T extends string>(
  reader: FileReader,
  map: YamlMap,
  name: string,
  choices: readonly T[],
  fallback: T,
): T {
  const node = map.get(name)
  // Read as written, so that the unquoted word `off` is taken as the level it names, and not as a boolean of YAML 1.1.
  const text = node?.kind === 'scalar' ? node.text : node === undefined ? fallback : undefined
  const choice = choices.find((candidate) => candidate === text)
  if (choice !== undefined) return choice
  const words = choices.map((word) => `\`${word}\``).join(', ')
  if (node !== undefined) {
    reader.error(
      'ATTRIBUTE_KIND',
      node,
      `\`${name}\` must be one of ${words}; it is ${kindOf(node)}.`,
      'Use one of them.',
    )
  }
  return fallback
}

function readAllow(reader: FileReader, map: YamlMap): AllowedRisk[] {
  const allowed: AllowedRisk[] = []
  for (const node of reader.list(map, 'allow')) {
    if (node.kind !== 'map') {
      const text = `An entry of \`allow\` must be a mapping; it is ${kindOf(node)}.`
      reader.error('ATTRIBUTE_KIND', node, text, 'Write `code:`, `path:` and `reason:`.')
      continue
    }
    reader.onlyKnown(node, new Set(['code', 'path', 'reason']))
    const code = reader.text(node, 'code', 'display') ?? ''
    const reason = (reader.text(node, 'reason', 'display') ?? '').trim()
    const path = reader.text(node, 'path', 'display')
    if (code !== '' && reason !== '') {
      const [codeAt, pathAt] = [node.get('code') ?? node, node.get('path') ?? node]
      allowed.push({ code, path, reason, codeAt: reader.at(codeAt), pathAt: reader.at(pathAt) })
    } else {
      const lacking = code === '' ? 'code' : 'reason'
      reader.error('ATTRIBUTE_MISSING', node, `This acceptance of a risk has no \`${lacking}\`.`, `Add \`${lacking}\`.`)
    }
  }
  return allowed
}
