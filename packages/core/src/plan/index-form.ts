import {
  doc,
  docOf,
  EMPTY_DOC,
  equalIgnoringOrder,
  isArray,
  isDoc,
  isNumeric,
  type Doc,
  type Value,
} from '@stage0/bson-schema'
import type { IndexSpec } from './wanted.ts'

/**
 * An index as the server keeps it, so that what was declared and what `listIndexes` tells can be compared: defaults are
 * left out, a collation is complete, a text index has its stored key and weights.
 */
export interface IndexForm {
  readonly name: string
  readonly key: Doc
  readonly options: Doc
}

/** Without the place in the file, which has no business in a plan: a comment added above must not make it another plan. */
export const specOf = ({ name, key, options }: IndexSpec): IndexSpec => ({ name, key, options })

/** Options that mean nothing when they have this value. Source: manual, createIndexes. */
const DEFAULTS: Readonly<Record<string, Value>> = {
  unique: false,
  sparse: false,
  hidden: false,
  prepareUnique: false,
  default_language: 'english',
  language_override: 'language',
  bits: 26,
  min: -180,
  max: 180,
  weights: EMPTY_DOC,
}
/** Chosen by the server or without any effect. */
const IGNORED = new Set(['v', 'ns', 'key', 'name', 'background', 'textIndexVersion', '2dsphereIndexVersion'])

/** What the server fills in where a collation does not say otherwise. Source: manual, collation document. */
const COLLATION_DEFAULTS = doc({
  caseLevel: false,
  caseFirst: 'off',
  strength: 3,
  numericOrdering: false,
  alternate: 'non-ignorable',
  maxVariable: 'punct',
  normalization: false,
  backwards: false,
})
/** Locales whose own defaults differ. Source: manual, collation locales, default parameters. */
const LOCALE_DEFAULTS: Readonly<Record<string, Doc>> = {
  da: doc({ caseFirst: 'upper' }),
  mt: doc({ caseFirst: 'upper' }),
  fr_CA: doc({ backwards: true }),
  th: doc({ alternate: 'shifted' }),
}

/** @param inherited The collation of the collection, which an index takes on when it declares none. */
export function indexForm(index: IndexSpec, inherited?: Doc): IndexForm {
  const isText = index.key.values.includes('text')
  let options = EMPTY_DOC
  for (const [name, value] of index.options.entries()) {
    if (IGNORED.has(name) || name === 'collation' || name === 'weights' || isDefault(name, value)) continue
    options = options.with(name, value)
  }
  const collation = collationForm(index.options.get('collation') ?? inherited)
  // A text index has no collation: the server insists on the simple one.
  if (collation !== undefined && !isText) options = options.with('collation', collation)
  if (!isText) return { name: index.name, key: index.key, options }
  return { name: index.name, key: textKey(index.key), options: options.with('weights', weightsForm(index)) }
}

const isDefault = (name: string, value: Value): boolean => {
  const standard = Object.hasOwn(DEFAULTS, name) ? DEFAULTS[name] : undefined
  return standard !== undefined && equalIgnoringOrder(standard, value)
}

function collationForm(collation: Value | undefined): Doc | undefined {
  if (!isDoc(collation) || collation.get('locale') === 'simple') return undefined
  const locale = collation.get('locale')
  let form = COLLATION_DEFAULTS
  const ofLocale =
    typeof locale === 'string' && Object.hasOwn(LOCALE_DEFAULTS, locale) ? LOCALE_DEFAULTS[locale] : undefined
  const layers = [ofLocale, collation.without('version')]
  for (const layer of layers) for (const [name, value] of layer?.entries() ?? []) form = form.with(name, value)
  return form
}

/** The server keeps `{_fts: 'text', _ftsx: 1}` where the first text field was declared, and the fields as weights. */
function textKey(key: Doc): Doc {
  let form = EMPTY_DOC
  for (const [path, kind] of key.entries()) {
    if (kind !== 'text') form = form.with(path, kind)
    else if (!form.has('_fts')) form = form.with('_fts', 'text').with('_ftsx', 1)
  }
  return key.has('_ftsx') && !form.has('_ftsx') ? form.with('_ftsx', 1) : form
}

function weightsForm(index: IndexSpec): Doc {
  const declared = index.options.get('weights')
  let weights = isDoc(declared) ? declared : EMPTY_DOC
  for (const [path, kind] of index.key.entries()) {
    if (kind === 'text' && path !== '_fts' && !weights.has(path)) weights = weights.with(path, 1)
  }
  return weights
}

/** Keys compare in order, numbers by value. */
export const sameKey = (a: Doc, b: Doc): boolean =>
  a.size === b.size && a.keys.every((key, i) => key === b.keys[i] && sameDirection(a.values[i], b.values[i]))

const sameDirection = (a: Value | undefined, b: Value | undefined): boolean =>
  a !== undefined && b !== undefined && equalIgnoringOrder(a, b)

/** Whether both say the same of one option, numbers by value. */
export const sameOption = (a: IndexForm, b: IndexForm, name: string): boolean => {
  const [x, y] = [a.options.get(name), b.options.get(name)]
  return x === undefined || y === undefined ? x === y : equalIgnoringOrder(x, y)
}

/** Options that let two indexes of equal keys stand side by side. */
const DISTINGUISHING = ['collation', 'partialFilterExpression', 'sparse', 'unique']

/** Whether the server would refuse `b` beside `a` although its name is another: code 85 of the server. */
export const sameIdentity = (a: IndexForm, b: IndexForm): boolean =>
  sameKey(a.key, b.key) && DISTINGUISHING.every((name) => sameOption(a, b, name))

/** In words, what differs from `wanted` in `actual`; empty when both are the same index. */
export function indexDifference(wanted: IndexForm, actual: IndexForm): string[] {
  const words: string[] = []
  if (!sameKey(wanted.key, actual.key)) words.push(`key is ${plainText(actual.key)}, wanted ${plainText(wanted.key)}`)
  const names = new Set([...wanted.options.keys, ...actual.options.keys])
  for (const name of names) {
    if (sameOption(wanted, actual, name)) continue
    const [want, is] = [wanted.options.get(name), actual.options.get(name)]
    if (is === undefined) words.push(`${name} is missing, wanted ${optionText(want)}`)
    else if (want === undefined) words.push(`${name} is ${optionText(is)}, not wanted`)
    else words.push(`${name} is ${optionText(is)}, wanted ${optionText(want)}`)
  }
  return words
}

/** A collation is told with what it has otherwise than by default, beginning with its locale. */
function optionText(value: Value | undefined): string {
  const locale = isDoc(value) ? value.get('locale') : undefined
  if (!isDoc(value) || typeof locale !== 'string') return plainText(value)
  const special = [...value.entries()].filter(([name, one]) => {
    const standard = COLLATION_DEFAULTS.get(name)
    return name !== 'locale' && !(standard !== undefined && equalIgnoringOrder(standard, one))
  })
  return plainText(docOf([['locale', locale], ...special]))
}

/** A short form of a value for sentences: `{a: 1, b: -1}`. */
export function plainText(value: Value | undefined): string {
  if (value === undefined) return 'nothing'
  if (isDoc(value)) return `{${value.keys.map((key, i) => `${key}: ${plainText(value.values[i])}`).join(', ')}}`
  if (isArray(value)) return `[${value.map(plainText).join(', ')}]`
  if (typeof value === 'string') return JSON.stringify(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (isNumeric(value)) return typeof value === 'object' && 'value' in value ? String(value.value) : String(value)
  return value instanceof Date ? value.toISOString() : String(value)
}
