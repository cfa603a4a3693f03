import { doc, docOf, type Doc, type Value } from '@stage0/bson-schema'
import type { Configuration, ConfigurationVersion, Located } from '../model/model.ts'
import { versionText } from '../model/version-number.ts'
import { canonicalJson } from '../plan/canonical.ts'
import { indexForm } from '../plan/index-form.ts'
import { didYouMean } from '../model/did-you-mean.ts'
import { checkIndex } from './index-options.ts'
import type { ProblemList } from './problem-list.ts'

/** Greatest number of indexes of a collection, that on `_id` included (manual, limits). */
const MAX_INDEXES = 64

export interface LiveIndex {
  readonly name: string
  readonly key: Doc
  readonly options: Doc
  /** The version that adds it. */
  readonly version: string
  readonly at: Located
}

/** The indexes that a collection has after each version, as far as its configuration tells, by name. */
export type IndexHistory = ReadonlyMap<ConfigurationVersion, ReadonlyMap<string, LiveIndex>>

/** Checks the indexes of a configuration, each by itself and against those that earlier versions leave behind. */
export function checkIndexes(configuration: Configuration, problems: ProblemList): IndexHistory {
  const history = new Map<ConfigurationVersion, ReadonlyMap<string, LiveIndex>>()
  const live = new Map<string, LiveIndex>()
  for (const version of configuration.versions) {
    for (const { name, at } of version.dropIndexes) {
      if (name === '_id_' || name === '*') {
        const text =
          name === '*' ? '"*" is no index name: name each index to drop' : 'the index on _id cannot be dropped'
        problems.add(at, { code: 'INDEX_INVALID', severity: 'error', text })
      } else if (!live.delete(name)) {
        const text = `index "${name}" is to be dropped, but no earlier version of ${configuration.name} adds it`
        problems.add(at, { code: 'DROP_INDEX_UNKNOWN', severity: 'warning', text, hint: didYouMean(name, live.keys()) })
      }
    }
    for (const { name, key, options, at } of version.addIndexes) {
      for (const { code, text, hint } of checkIndex(name, key, options)) {
        const severity = code === 'INDEX_INVALID' ? 'error' : 'warning'
        problems.add(at, { code, severity, text: `index "${name}": ${text}`, hint })
      }
      const added = { name, key, options, at, version: versionText(version.number) }
      checkConflict(added, live, problems)
      live.set(name, added)
    }
    const last = version.addIndexes.at(-1)
    if (last !== undefined && live.size + 1 > MAX_INDEXES) {
      const text = `collection ${configuration.name} would have ${live.size + 1} indexes; at most ${MAX_INDEXES} are allowed, that on _id included`
      problems.add(last.at, { code: 'INDEX_INVALID', severity: 'error', text })
    }
    history.set(version, new Map(live))
  }
  return history
}

function checkConflict(added: LiveIndex, live: ReadonlyMap<string, LiveIndex>, problems: ProblemList): void {
  const { name, version, at } = added
  const same = live.get(name)
  if (same !== undefined) {
    if (definition(same) === definition(added)) {
      const text = `index "${name}" is added again: version ${same.version} has added the same`
      problems.add(at, { code: 'INDEX_REPEATED', severity: 'warning', text, hint: 'Remove the repetition.' })
    } else {
      const text = `index "${name}" is added with another key or other options than in version ${same.version}, and not dropped in between`
      const hint =
        same.version === version
          ? 'Give one of them another name.'
          : `Write \`drop_indexes: [${name}]\` in version ${version}.`
      problems.add(at, { code: 'INDEX_DECLARED_TWICE', severity: 'error', text, hint })
    }
    return
  }
  for (const other of live.values()) {
    const areTextIndexes = isTextIndex(added) && isTextIndex(other)
    if (!areTextIndexes && identity(other) !== identity(added)) continue
    const text = areTextIndexes
      ? `"${name}" and "${other.name}" of version ${other.version} are both text indexes; a collection can have one`
      : `index "${name}" has the same key as index "${other.name}" of version ${other.version}; MongoDB refuses a second one under another name`
    problems.add(at, {
      code: 'INDEX_DECLARED_TWICE',
      severity: 'error',
      text,
      hint: `Drop "${other.name}" first, or leave this one out.`,
    })
  }
}

const isTextIndex = (index: LiveIndex): boolean => index.key.values.includes('text')

const definition = (index: LiveIndex): string => {
  const { key, options } = indexForm(index)
  return canonicalJson(doc({ key, options: sorted(options) }))
}

/** What tells two indexes apart for the server, besides the name (manual, createIndexes, "Index options and keys"). */
const identity = (index: LiveIndex): string => {
  const { key, options } = indexForm(index)
  const telling = ['collation', 'partialFilterExpression', 'sparse', 'unique'].map((name) => options.get(name) ?? null)
  return canonicalJson([key, ...telling])
}

const sorted = (options: Doc): Doc => {
  const names = [...options.keys].sort()
  return docOf(names.map((name) => [name, options.get(name) as Value]))
}
