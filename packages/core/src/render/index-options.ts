import { compareNumbers, isDoc, isInt32, isNumeric, typeName, type Doc, type Value } from '@stage0/bson-schema'
import { didYouMean } from '../model/did-you-mean.ts'
import { quoted } from './quoted.ts'

/** The greatest `expireAfterSeconds` (manual, TTL indexes): the int32 range. */
const MAX_EXPIRE_SECONDS = 2_147_483_647
/** Greatest number of fields of a compound index (manual, limits). */
const MAX_INDEX_FIELDS = 32

export const INDEX_KINDS: readonly string[] = ['2d', '2dsphere', 'hashed', 'text']

const isBoolean = (value: Value): boolean => typeof value === 'boolean'
const isText = (value: Value): boolean => typeof value === 'string'
const isInteger = (value: Value): boolean => typeof value === 'number' && isInt32(value)

/** Index options of the manual's page on createIndexes, with the test of their values and its words. */
export const OPTIONS: ReadonlyMap<string, readonly [(value: Value) => boolean, string]> = new Map<
  string,
  [(value: Value) => boolean, string]
>([
  ['2dsphereIndexVersion', [isInteger, 'an integer']],
  ['background', [isBoolean, 'true or false']],
  [
    'bits',
    [(value) => isInteger(value) && (value as number) >= 1 && (value as number) <= 32, 'an integer from 1 to 32'],
  ],
  ['collation', [(value) => isDoc(value) && typeof value.get('locale') === 'string', 'an object with a locale']],
  ['default_language', [isText, 'a text']],
  ['expireAfterSeconds', [isExpireSeconds, `a number of seconds from 0 to ${MAX_EXPIRE_SECONDS}`]],
  ['hidden', [isBoolean, 'true or false']],
  ['language_override', [isText, 'a text']],
  ['max', [isNumeric, 'a number']],
  ['min', [isNumeric, 'a number']],
  ['partialFilterExpression', [isDoc, 'an object']],
  ['prepareUnique', [isBoolean, 'true or false']],
  ['sparse', [isBoolean, 'true or false']],
  ['storageEngine', [isDoc, 'an object']],
  ['textIndexVersion', [isInteger, 'an integer']],
  ['unique', [isBoolean, 'true or false']],
  ['v', [isInteger, 'an integer']],
  ['weights', [isDoc, 'an object of field names and numbers']],
  ['wildcardProjection', [isDoc, 'an object']],
])

function isExpireSeconds(value: Value): boolean {
  return isNumeric(value) && compareNumbers(value, 0) >= 0 && compareNumbers(value, MAX_EXPIRE_SECONDS) <= 0
}

export interface IndexFinding {
  readonly code: 'INDEX_INVALID' | 'INDEX_OPTION_IGNORED'
  readonly text: string
  readonly hint?: string | undefined
}

/** What MongoDB would refuse or ignore about one index by itself. */
export function checkIndex(name: string, key: Doc, options: Doc): readonly IndexFinding[] {
  return [...checkName(name), ...checkKey(key), ...checkOptions(options), ...checkTogether(key, options)]
}

const invalid = (text: string, hint?: string): IndexFinding => ({ code: 'INDEX_INVALID', text, hint })

function checkName(name: string): IndexFinding[] {
  if (name === '' || name === '*' || name.includes('\0'))
    return [invalid('the name must not be empty, "*" or hold a null character')]
  return name === '_id_' ? [invalid('the name "_id_" belongs to the index that every collection has')] : []
}

function checkKey(key: Doc): IndexFinding[] {
  const findings: IndexFinding[] = []
  if (key.size === 0) findings.push(invalid('the key names no field'))
  if (key.size > MAX_INDEX_FIELDS)
    findings.push(invalid(`the key has ${key.size} fields; at most ${MAX_INDEX_FIELDS} are allowed`))
  for (const [path, direction] of key.entries()) {
    if (!isPath(path)) findings.push(invalid(`${quoted(path)} is no field path`))
    const isKind = typeof direction === 'string' && INDEX_KINDS.includes(direction)
    if (isKind || isDirection(direction)) continue
    const hint = typeof direction === 'string' ? didYouMean(direction, INDEX_KINDS) : undefined
    findings.push(
      invalid(
        `${quoted(direction)} of "${path}" is neither a direction (1, -1) nor a kind (${INDEX_KINDS.join(', ')})`,
        hint,
      ),
    )
  }
  return findings
}

/** Any number but 0 and NaN, of any type, is a direction for MongoDB. */
const isDirection = (value: Value): boolean =>
  isNumeric(value) && compareNumbers(value, 0) !== 0 && compareNumbers(value, NaN) !== 0

/** Field names joined by dots; `$**` stands for all fields at the end of a wildcard key, `$id` and the like for references. */
function isPath(path: string): boolean {
  if (path.includes('\0')) return false
  const parts = path.split('.')
  return parts.every(
    (part, i) =>
      part !== '' &&
      (!part.startsWith('$') || (part === '$**' ? i === parts.length - 1 : ['$id', '$ref', '$db'].includes(part))),
  )
}

function checkOptions(options: Doc): IndexFinding[] {
  const findings: IndexFinding[] = []
  for (const [name, value] of options.entries()) {
    const known = OPTIONS.get(name)
    if (known === undefined)
      findings.push(invalid(`${quoted(name)} is no index option`, didYouMean(name, OPTIONS.keys())))
    else if (!known[0](value))
      findings.push(invalid(`${name} must be ${known[1]}, not ${quoted(value)} (${typeName(value)})`))
  }
  if (options.get('background') !== undefined)
    findings.push({ code: 'INDEX_OPTION_IGNORED', text: 'MongoDB ignores background since 4.2' })
  return findings
}

function checkTogether(key: Doc, options: Doc): IndexFinding[] {
  const on = (option: string): boolean => options.get(option) === true
  const has = (kind: string): boolean => key.values.includes(kind)
  const isWildcard = key.keys.some((path) => path.split('.').at(-1) === '$**')
  const isCollated = isDoc(options.get('collation')) && (options.get('collation') as Doc).get('locale') !== 'simple'
  const rules: readonly (readonly [boolean, string])[] = [
    [on('unique') && has('hashed'), 'a hashed index cannot be unique'],
    [on('unique') && isWildcard, 'a wildcard index cannot be unique'],
    [
      on('sparse') && options.has('partialFilterExpression'),
      'sparse and partialFilterExpression cannot be mixed; say the same in the filter',
    ],
    [options.has('expireAfterSeconds') && key.keys.includes('_id'), 'the _id field cannot expire'],
    [options.has('expireAfterSeconds') && isWildcard, 'a wildcard index cannot expire documents'],
    [options.has('wildcardProjection') && !key.has('$**'), 'wildcardProjection needs the key {"$**": 1}'],
    [options.has('weights') && !has('text'), 'weights belong to text indexes'],
    [key.values.filter((kind) => kind === 'hashed').length > 1, 'only one field of an index can be hashed'],
    [isCollated && (has('text') || has('2d')), 'text and 2d indexes take the simple collation only'],
    [key.size === 1 && key.has('_id') && options.size > 0, 'the index on _id exists always and takes no options'],
  ]
  const findings = rules.filter(([holds]) => holds).map(([, text]) => invalid(text))
  if (options.has('expireAfterSeconds') && key.size > 1) {
    findings.push({
      code: 'INDEX_OPTION_IGNORED',
      text: 'MongoDB ignores expireAfterSeconds of an index with several fields',
    })
  }
  return findings
}
