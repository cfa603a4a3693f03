import { equalIgnoringOrder, isArray, isDoc, isNumeric, compareValues, type Doc, type Value } from '@stage0/bson-schema'
import { plainText } from '../plan/index-form.ts'

/** One difference between two `$jsonSchema`s, at one property. */
export interface SchemaChange {
  /** Property path for people: "profile.name", "tags[]", "" for the document itself. */
  readonly path: string
  /** In words: "required from now on". */
  readonly what: string
  /** `BC` breaks readers, `MF` depends on the data that is there; `undefined`: safe. */
  readonly risk: 'BC' | 'MF' | undefined
}

type Note = (what: string, risk?: 'BC' | 'MF') => void

/** Keywords of which a greater value refuses more, and those of which a smaller one does. */
const LOWER_BOUNDS = ['minimum', 'minLength', 'minItems', 'minProperties']
const UPPER_BOUNDS = ['maximum', 'maxLength', 'maxItems', 'maxProperties']
const FLAGS = ['exclusiveMinimum', 'exclusiveMaximum', 'uniqueItems']
const TEXTS = new Set(['description', 'title'])
const HANDLED = new Set([
  ...LOWER_BOUNDS,
  ...UPPER_BOUNDS,
  ...FLAGS,
  ...TEXTS,
  ...['bsonType', 'type', 'enum', 'required', 'properties', 'additionalProperties', 'items', 'oneOf', 'anyOf', 'allOf'],
])

/**
 * What changes for documents when the schema `before` is replaced by `after`, in the order of the schemas' properties.
 * `before` is `undefined` where nothing was validated: then everything that `after` asks depends on the data.
 * A rename cannot be told from a removal and an addition, and is reported as these.
 */
export function diffSchemas(before: Doc | undefined, after: Doc): SchemaChange[] {
  if (before === undefined) return [{ path: '', what: 'is validated from now on', risk: 'MF' }]
  const changes: SchemaChange[] = []
  diffAt('', before, after, changes)
  return changes
}

function diffAt(path: string, before: Doc, after: Doc, changes: SchemaChange[]): void {
  const note: Note = (what, risk) => changes.push({ path, what, risk })
  diffTypes(before, after, note)
  diffEnum(before.get('enum'), after.get('enum'), note)
  diffBounds(before, after, note)
  diffRequired(path, before, after, changes)
  diffProperties(path, before, after, changes)
  diffAdditional(path, before.get('additionalProperties'), after.get('additionalProperties'), changes)
  diffNested(`${path}[]`, before.get('items'), after.get('items'), 'items', note, changes)
  for (const keyword of ['oneOf', 'anyOf', 'allOf']) diffAlternatives(path, keyword, before, after, note, changes)
  for (const keyword of new Set([...before.keys, ...after.keys])) {
    if (HANDLED.has(keyword)) continue
    const [was, is] = [before.get(keyword), after.get(keyword)]
    if (same(was, is)) continue
    if (is === undefined) note(`${keyword} ${plainText(was)} no longer asked for`)
    else note(`${keyword} is ${plainText(is)}${was === undefined ? '' : `, was ${plainText(was)}`}`, 'MF')
  }
}

const same = (a: Value | undefined, b: Value | undefined): boolean =>
  a === undefined || b === undefined ? a === b : equalIgnoringOrder(a, b)

const listOf = (value: Value | undefined): readonly Value[] =>
  value === undefined ? [] : isArray(value) ? value : [value]

/** Lists of names are long in wide schemas, so texts are looked up. */
function minus(a: readonly Value[], b: readonly Value[]): Value[] {
  const texts = new Set<Value>(b.filter((value) => typeof value === 'string'))
  const others = b.filter((value) => typeof value !== 'string')
  const isIn = (x: Value): boolean =>
    texts.has(x) || (typeof x === 'string' ? others : b).some((y) => equalIgnoringOrder(x, y))
  return a.filter((x) => !isIn(x))
}

function diffTypes(before: Doc, after: Doc, note: Note): void {
  for (const keyword of ['bsonType', 'type']) {
    const [was, is] = [before.get(keyword), after.get(keyword)]
    if (same(was, is)) continue
    if (is === undefined) note(`${keyword} ${plainText(was)} no longer asked for`)
    else if (was === undefined) note(`must be of ${keyword} ${plainText(is)}`, 'MF')
    else if (minus(listOf(was), listOf(is)).length === 0) note(`${keyword} is ${plainText(is)}, was ${plainText(was)}`)
    else note(`${keyword} is ${plainText(is)}, was ${plainText(was)}`, 'BC')
  }
}

function diffEnum(was: Value | undefined, is: Value | undefined, note: Note): void {
  if (same(was, is)) return
  if (is === undefined) return note('any value allowed, was one of a list')
  if (was === undefined) return note(`only ${listOf(is).map(plainText).join(', ')} allowed`, 'MF')
  const [removed, added] = [minus(listOf(was), listOf(is)), minus(listOf(is), listOf(was))]
  if (removed.length > 0) note(`no longer allowed: ${removed.map(plainText).join(', ')}`, 'MF')
  if (added.length > 0) note(`also allowed: ${added.map(plainText).join(', ')}`)
}

function diffBounds(before: Doc, after: Doc, note: Note): void {
  for (const [keywords, sign] of [
    [LOWER_BOUNDS, 1],
    [UPPER_BOUNDS, -1],
  ] as const) {
    for (const keyword of keywords) {
      const [was, is] = [before.get(keyword), after.get(keyword)]
      if (same(was, is)) continue
      if (is === undefined) note(`${keyword} ${plainText(was)} no longer asked for`)
      else if (was === undefined) note(`${keyword} ${plainText(is)}`, 'MF')
      else {
        const isTighter = !isNumeric(was) || !isNumeric(is) || compareValues(is, was) * sign > 0
        note(`${keyword} is ${plainText(is)}, was ${plainText(was)}`, isTighter ? 'MF' : undefined)
      }
    }
  }
  for (const keyword of FLAGS) {
    const [was, is] = [before.get(keyword) === true, after.get(keyword) === true]
    if (was !== is) note(is ? `${keyword} asked for` : `${keyword} no longer asked for`, is ? 'MF' : undefined)
  }
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

function diffRequired(path: string, before: Doc, after: Doc, changes: SchemaChange[]): void {
  const [was, is] = [listOf(before.get('required')), listOf(after.get('required'))]
  for (const name of minus(is, was))
    changes.push({ path: join(path, String(name)), what: 'required from now on', risk: 'MF' })
  for (const name of minus(was, is)) {
    if (hasProperty(after, String(name)))
      changes.push({ path: join(path, String(name)), what: 'no longer required', risk: undefined })
  }
}

const propertiesOf = (schema: Doc): Doc | undefined => {
  const properties = schema.get('properties')
  return isDoc(properties) ? properties : undefined
}
const hasProperty = (schema: Doc, name: string): boolean => propertiesOf(schema)?.has(name) ?? false

function diffProperties(path: string, before: Doc, after: Doc, changes: SchemaChange[]): void {
  const [was, is] = [propertiesOf(before), propertiesOf(after)]
  for (const name of was?.keys ?? []) {
    if (!hasProperty(after, name)) changes.push({ path: join(path, name), what: 'removed', risk: 'BC' })
  }
  for (const [name, schema] of is?.entries() ?? []) {
    const old = was?.get(name)
    if (old === undefined) {
      // Where unknown fields were allowed, documents may hold the field already, in any shape.
      const wasOpen = before.get('additionalProperties') !== false
      changes.push({ path: join(path, name), what: 'added', risk: wasOpen ? 'MF' : undefined })
    } else if (isDoc(old) && isDoc(schema)) diffAt(join(path, name), old, schema, changes)
  }
}

function diffAdditional(path: string, was: Value | undefined, is: Value | undefined, changes: SchemaChange[]): void {
  const [old, now] = [was ?? true, is ?? true]
  if (equalIgnoringOrder(old, now)) return
  if (isDoc(old) && isDoc(now)) return diffAt(join(path, '*'), old, now, changes)
  if (now === true) changes.push({ path, what: 'unknown fields allowed', risk: undefined })
  else if (now === false) changes.push({ path, what: 'unknown fields refused', risk: 'MF' })
  else changes.push({ path, what: 'unknown fields restricted', risk: old === false ? undefined : 'MF' })
}

function diffNested(
  path: string,
  was: Value | undefined,
  is: Value | undefined,
  keyword: string,
  note: Note,
  changes: SchemaChange[],
): void {
  if (same(was, is)) return
  if (isDoc(was) && isDoc(is)) diffAt(path, was, is, changes)
  else if (is === undefined) note(`${keyword} no longer described`)
  else note(`${keyword} described differently`, 'MF')
}

function diffAlternatives(
  path: string,
  keyword: string,
  before: Doc,
  after: Doc,
  note: Note,
  changes: SchemaChange[],
): void {
  const [was, is] = [before.get(keyword), after.get(keyword)]
  if (same(was, is)) return
  const [old, now] = [listOf(was), listOf(is)]
  if (old.length === now.length) {
    now.forEach((schema, i) => diffNested(`${path}<${keyword} ${i + 1}>`, old[i], schema, keyword, note, changes))
  } else if (is === undefined) note(`${keyword} no longer asked for`)
  else note(`${keyword} has ${now.length} alternatives, had ${old.length}`, 'MF')
}
