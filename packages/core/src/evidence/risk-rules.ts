import type { SchemaChange } from '../diff/schema-diff.ts'
import type { SchemaRule } from './rules.ts'

type Selects = (rule: Pick<SchemaRule, 'path' | 'keyword'>) => boolean

/** Changes that one keyword at one place stands for, known by how the diff words them; the rest begin with the keyword. */
const WORDED: readonly (readonly [start: string, keyword: string])[] = [
  ['required from now on', 'required'],
  ['unknown fields refused', 'additionalProperties'],
  ['only ', 'enum'],
  ['no longer allowed', 'enum'],
  ['must be of bsonType', 'bsonType'],
  ['must be of type', 'type'],
  ['exclusiveMinimum', 'minimum'],
  ['exclusiveMaximum', 'maximum'],
]
/** Changes that stand for everything at their place and below. */
const WHOLE = ['is validated from now on', 'added']

/** Which rules of the new schema a change makes documents fail: those whose counts tell how much the change matters. */
export function rulesBehind({ path, what }: SchemaChange): Selects {
  // Alternatives are one rule at the place of their keyword, whatever changed inside of them.
  const alternatives = /^(.*?)<(oneOf|anyOf|allOf) \d+>/.exec(path)
  if (alternatives !== null) return (rule) => rule.path === alternatives[1] && rule.keyword === alternatives[2]
  if (what === 'unknown fields restricted') return (rule) => isAtOrBelow(rule.path, path === '' ? '*' : `${path}.*`)
  if (what === 'items described differently') return (rule) => rule.path.startsWith(`${path}[`)
  if (WHOLE.some((text) => what.startsWith(text))) return (rule) => isAtOrBelow(rule.path, path)
  const keyword = WORDED.find(([start]) => what.startsWith(start))?.[1] ?? what.split(' ', 1)[0]
  return (rule) => rule.path === path && rule.keyword === keyword
}

const isAtOrBelow = (path: string, top: string): boolean =>
  top === '' || path === top || path.startsWith(`${top}.`) || path.startsWith(`${top}[`)
