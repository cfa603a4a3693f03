import { isRecord, type JsonRecord } from './json-record.ts'
import { unorderedText } from './unordered-text.ts'

/** An index or a validator that a step puts an end to. */
export interface SavedBefore {
  /** By name of a part ("key", "hidden"), its value as text: equal texts, equal value. */
  readonly parts: ReadonlyMap<string, string>
  /** By name of a part, what the step makes of it by itself; it may do so in several acts. */
  readonly becomes: ReadonlyMap<string, string>
  /** In words, for people; `undefined` where a name says no more. */
  readonly text: string | undefined
}

/** `undefined` for steps that put an end to nothing, and for plans of releases that did not say. */
export function savedBefore(step: JsonRecord): SavedBefore | undefined {
  const { definition, before, replaces, change } = step
  if (isRecord(definition)) return index(definition, {})
  if (isRecord(before)) return index(before, isRecord(change) ? change : {})
  if (!isRecord(replaces)) return undefined
  return { parts: textsOf(replaces), becomes: new Map(), text: undefined }
}

/** In a key the order of fields counts. */
function index({ key, options }: JsonRecord, change: JsonRecord): SavedBefore {
  const parts = textsOf(isRecord(options) ? options : {})
  const isPrepared = change['unique'] === true
  return {
    parts: new Map([['key', JSON.stringify(key)], ...parts]),
    becomes: new Map([...textsOf(change), ...(isPrepared ? [['prepareUnique', 'true'] as const] : [])]),
    text: `key ${JSON.stringify(key)}, options ${JSON.stringify(options)}`,
  }
}

const textsOf = (record: JsonRecord): Map<string, string> =>
  new Map(Object.entries(record).map(([name, value]) => [name, unorderedText(value)]))

/**
 * Whether `now` is what the step was to meet, or what it has made of that before it was cut off.
 *
 * An option that is off is the same as one that is absent.
 */
export function isExpected(now: SavedBefore | undefined, agreed: SavedBefore | undefined): boolean {
  if (now === undefined || agreed === undefined) return now === agreed
  const names = new Set([...now.parts.keys(), ...agreed.parts.keys()])
  return [...names].every((name) => {
    const is = now.parts.get(name) ?? OFF
    return is === (agreed.parts.get(name) ?? OFF) || is === agreed.becomes.get(name)
  })
}

const OFF = 'false'
