import { isArray, isDoc, type Doc, type Value } from '../value.ts'

/** One rule that a document breaks. */
export interface Violation {
  /** Field names and array indexes from the document's root to the value. */
  readonly path: readonly (string | number)[]
  /** The keyword or operator: `minimum`, `required`, `$gt` ... */
  readonly rule: string
  /** What the rule asks for, as far as the server says. */
  readonly expected: Value | undefined
  /** What was there instead. */
  readonly actual: Value | undefined
  /** The type of what was there, where the server names it. */
  readonly actualType?: string
  readonly reason: string | undefined
  /** From the innermost schema that has one. */
  readonly title?: string
  readonly description?: string
}

interface Place {
  readonly path: readonly (string | number)[]
  readonly title: string | undefined
  readonly description: string | undefined
}

/**
 * Every broken rule of a server's `errInfo` (or of its `details`, or of what `explain` gives), the innermost ones.
 * Servers differ and cut large errors: parts that are absent or have another shape are passed over; something that
 * cannot be taken apart is one violation of its operator, so that no error gets lost.
 *
 * @param limit bounds the work: the first so many are enough.
 */
export function violations(errInfo: Value | undefined, limit = Infinity): readonly Violation[] {
  const details = isDoc(errInfo) && isDoc(errInfo.get('details')) ? errInfo.get('details') : errInfo
  const found = new Found(limit)
  walk(details, { path: [], title: undefined, description: undefined }, found)
  return found.items
}

class Found {
  readonly items: Violation[] = []
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get isFull(): boolean {
    return this.items.length >= this.#limit
  }

  push(violation: Violation): void {
    if (!this.isFull) this.items.push(violation)
  }
}

const text = (value: Value | undefined): string | undefined => (typeof value === 'string' ? value : undefined)
const list = (value: Value | undefined): readonly Value[] => (isArray(value) ? value : [])
const isStep = (value: Value | undefined): value is string | number =>
  typeof value === 'string' || typeof value === 'number'

function enter(entry: Doc, place: Place, ...steps: readonly (Value | undefined)[]): Place {
  return {
    path: [...place.path, ...steps.filter(isStep)],
    title: text(entry.get('title')) ?? place.title,
    description: text(entry.get('description')) ?? place.description,
  }
}

/** Lists of entries that a rule holds, with the key of an entry that leads down the document. */
const NESTED: readonly (readonly [list: string, step: string])[] = [
  ['schemaRulesNotSatisfied', ''],
  ['propertiesNotSatisfied', 'propertyName'],
  ['schemasNotSatisfied', ''],
  ['clausesNotSatisfied', ''],
  ['clausesSatisfied', ''],
]

function walk(value: Value | undefined, place: Place, found: Found): void {
  if (isArray(value)) {
    for (const entry of value) walk(entry, place, found)
    return
  }
  if (!isDoc(value) || found.isFull) return
  const before = found.items.length
  const here = enter(value, place)
  for (const [key, step] of NESTED) {
    for (const entry of list(value.get(key))) {
      if (isDoc(entry)) walk(entry.get('details') ?? entry, enter(entry, here, entry.get(step)), found)
    }
  }
  walkDetails(value, here, found)
  for (const entry of list(value.get('failingDependencies'))) {
    if (!isDoc(entry)) continue
    const inner = enter(entry, here)
    walk(entry.get('details'), inner, found)
    reportMissing(entry, 'dependencies', inner, found)
  }
  if (value.get('operatorName') === 'required') reportMissing(value, 'required', here, found)
  if (value.get('operatorName') === 'additionalProperties') {
    for (const name of list(value.get('additionalProperties'))) {
      const at = enter(value, place, name)
      found.push(violation(value, 'additionalProperties', at))
    }
  }
  const rule = text(value.get('operatorName'))
  if (found.items.length === before && rule !== undefined) found.push(violation(value, rule, here))
}

/** `items`, `additionalItems`, `patternProperties` and `additionalProperties` hold details of what is further down. */
function walkDetails(value: Doc, here: Place, found: Found): void {
  const step = value.get('itemIndex') ?? value.get('failingProperty')
  for (const entry of list(value.get('details'))) {
    if (!isDoc(entry)) continue
    const inner = entry.get('itemIndex') ?? entry.get('propertyName')
    if (inner === undefined || entry.has('operatorName')) walk(entry, enter(value, here, step), found)
    else walk(entry.get('details'), enter(entry, here, step, inner), found)
  }
}

function reportMissing(entry: Doc, rule: string, place: Place, found: Found): void {
  for (const name of list(entry.get('missingProperties'))) {
    found.push(violation(entry, rule, enter(entry, place, name)))
  }
}

function violation(entry: Doc, rule: string, place: Place): Violation {
  const actualType = text(entry.get('consideredType'))
  return {
    path: place.path,
    rule,
    expected: entry.get('specifiedAs'),
    // A value that is null is one, too.
    actual: entry.get(entry.has('consideredValue') ? 'consideredValue' : 'consideredValues'),
    ...(actualType === undefined ? {} : { actualType }),
    reason: text(entry.get('reason')),
    ...(place.title === undefined ? {} : { title: place.title }),
    ...(place.description === undefined ? {} : { description: place.description }),
  }
}
