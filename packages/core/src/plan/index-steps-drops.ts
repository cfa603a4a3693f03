import { isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { plainText, sameIdentity, specOf, type IndexForm } from './index-form.ts'
import { lossesOf } from './index-losses.ts'
import { MAX_INDEXES, type PlannedBuild } from './index-steps-builds.ts'
import type { IndexState } from './index-steps-state.ts'
import type { StepOf } from './plan.ts'
import { risk } from './risks.ts'
import type { IndexSpec, WantedVersion } from './wanted.ts'

export interface PlannedDrop {
  readonly form: IndexForm
  /** In words, why it goes before what replaces it is there; `undefined` where nothing is without an index meanwhile. */
  readonly gap: string | undefined
  /** Unique indexes that can be looked through for duplicates before it goes. */
  readonly replacedBy: readonly IndexSpec[]
}

export interface OrderedDrops {
  readonly first: readonly PlannedDrop[]
  readonly beforeBuild: readonly PlannedDrop[]
  readonly afterBuild: readonly PlannedDrop[]
}

interface OrderInput {
  readonly version: WantedVersion
  readonly dropped: readonly IndexForm[]
  readonly builds: readonly PlannedBuild[]
  readonly migrates: boolean
  /** How many indexes the collection has before anything is dropped. */
  readonly held: number
}

/** When each index goes: after those that are built wherever the server holds both, so that queries have an index throughout. */
export function orderDrops(input: OrderInput): OrderedDrops {
  const { version, dropped, builds, migrates } = input
  // One command builds all of them: where one cannot be built, none is.
  const unique = builds.filter(({ form }) => form.options.get('unique') === true).map(({ index }) => specOf(index))
  const first: PlannedDrop[] = []
  const beforeBuild: PlannedDrop[] = []
  const afterBuild: PlannedDrop[] = []
  for (const form of dropped) {
    const mustGo = obstacle(input, form)
    // Without a build there is nothing to wait for, and migrating is cheaper with an index less.
    if (builds.length === 0 && migrates) first.push({ form, gap: undefined, replacedBy: [] })
    else if (migrates && mayRefuse(form, version.schema)) {
      // What the migration makes of the documents decides about duplicates, so there is nothing to look through yet.
      const gap =
        mustGo ?? (builds.some((one) => servesAlike(one, form)) ? 'it may refuse what the migration writes' : undefined)
      first.push({ form, gap, replacedBy: [] })
    } else if (mustGo === undefined) afterBuild.push({ form, gap: undefined, replacedBy: [] })
    else beforeBuild.push({ form, gap: mustGo, replacedBy: unique })
  }
  return { first, beforeBuild, afterBuild }
}

/** Why the server cannot hold an index until the new ones are there. */
function obstacle({ builds, held }: OrderInput, form: IndexForm): string | undefined {
  const isText = form.key.has('_fts')
  if (builds.some((one) => one.form.name === form.name)) return 'the new index has its name'
  if (isText && builds.some((one) => one.form.key.has('_fts'))) return 'a collection has one text index at most'
  const rival = builds.find((one) => sameIdentity(one.form, form))
  if (rival !== undefined) return `the server does not hold it beside ${rival.form.name}, which has the same key`
  return held + builds.length > MAX_INDEXES ? `a collection has ${MAX_INDEXES} indexes at most` : undefined
}

/** Whether queries that use the one may use the other meanwhile. */
const servesAlike = (build: PlannedBuild, form: IndexForm): boolean => build.form.key.keys[0] === form.key.keys[0]

/**
 * Whether an index restricts what may be stored: unique ones, those of special kinds, and those of several fields of which two may
 * hold arrays. A migration that was written for a database without it must not meet it.
 */
function mayRefuse({ key, options }: IndexForm, schema: Doc): boolean {
  if (options.get('unique') === true || options.get('prepareUnique') === true) return true
  if (key.values.some((kind) => typeof kind === 'string')) return true
  return key.keys.filter((path) => mayBeArray(schema, path.split('.'))).length > 1
}

/** Whether the schema lets an array stand at the path or above it; yes where it does not say. */
function mayBeArray(schema: Value | undefined, path: readonly string[]): boolean {
  const type = isDoc(schema) ? schema.get('bsonType') : undefined
  if (!isDoc(schema) || typeof type !== 'string' || type === 'array') return true
  const [step, ...rest] = path
  if (step === undefined) return false
  const properties = schema.get('properties')
  return mayBeArray(isDoc(properties) ? properties.get(step) : undefined, rest)
}

/** @param state The indexes as they are after the version. */
export function dropStep(
  state: IndexState,
  version: WantedVersion,
  { form, gap, replacedBy }: PlannedDrop,
): StepOf<'dropIndex'> {
  const { name, key, options } = form
  const early = (why: string) => `index ${name} is dropped before its successor is built: ${why}`
  const gaps = gap === undefined ? [] : [risk(version, 'droppedBeforeBuilt', early(gap), name)]
  return {
    kind: 'dropIndex',
    id: `${state.collection}/${version.version}/dropIndex/${name}`,
    collection: state.collection,
    version: version.version,
    name: `drop index ${name}`,
    risks: state.existed ? [...gaps, ...lossesOf(version, form, state.indexes.values())] : [],
    recovery: 'observe',
    undo: `build the index ${name} again: key ${plainText(key)}, options ${plainText(options)}`,
    index: name,
    definition: specOf(form),
    replacedBy,
  }
}
