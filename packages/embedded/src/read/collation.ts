import { Doc } from '@stage0/bson-schema'
import { Fields } from '../commands/fields.ts'
import type { StringCompare } from '../evaluate/contract.ts'
import { ServerError } from '../server-error.ts'

/** In the order in which the server shows them. */
const KNOWN = [
  'locale',
  'caseLevel',
  'caseFirst',
  'strength',
  'numericOrdering',
  'alternate',
  'maxVariable',
  'normalization',
  'backwards',
  'version',
]
const DEFAULT_STRENGTH = 3
const VERSION = '57.1'

const bad = (message: string): ServerError => new ServerError(2, message)

/** A collation with every field, as the server keeps and shows it; `undefined` for the simple one. Throws 2, 14, 40414, 40415. */
export function normalCollation(spec: Doc | undefined): Doc | undefined {
  if (spec === undefined || spec.size === 0) return undefined
  const fields = new Fields('collation', spec).only(KNOWN)
  const locale = fields.requiredString('locale')
  if (locale === 'simple') return undefined
  if (!isKnownLocale(locale)) {
    throw bad(`Field 'locale' is invalid in: { locale: "${locale}" }`)
  }
  const strength = fields.number('strength') ?? DEFAULT_STRENGTH
  const caseFirst = fields.string('caseFirst') ?? 'off'
  const alternate = fields.string('alternate') ?? 'non-ignorable'
  if (![1, 2, 3].includes(strength))
    throw bad(`collation strength ${strength} is not supported by the embedded server (1 to 3 are)`)
  if (!['off', 'upper', 'lower'].includes(caseFirst)) throw bad(`collation caseFirst '${caseFirst}' is not valid`)
  if (!['non-ignorable', 'shifted'].includes(alternate)) throw bad(`collation alternate '${alternate}' is not valid`)
  if (fields.flag('backwards')) throw bad('collation option backwards is not supported by the embedded server')
  const caseLevel = fields.flag('caseLevel')
  if (caseLevel && strength === 2)
    throw bad('collation option caseLevel with strength 2 is not supported by the embedded server')
  return new Doc(KNOWN, [
    locale,
    caseLevel,
    caseFirst,
    strength,
    fields.flag('numericOrdering'),
    alternate,
    fields.string('maxVariable') ?? 'punct',
    fields.flag('normalization'),
    false,
    VERSION,
  ])
}

function isKnownLocale(locale: string): boolean {
  try {
    return Intl.Collator.supportedLocalesOf([locale.replaceAll('_', '-')]).length > 0
  } catch {
    // A text that is no language tag at all throws instead of being unsupported.
    return false
  }
}

const SENSITIVITY = { 1: 'base', 2: 'accent', 3: 'variant' } as const

/** The comparison of a normal collation. */
export function collationCompare(spec: Doc): StringCompare {
  const strength = spec.get('strength') as 1 | 2 | 3
  const caseFirst = spec.get('caseFirst')
  const collator = new Intl.Collator((spec.get('locale') as string).replaceAll('_', '-'), {
    sensitivity: strength === 1 && spec.get('caseLevel') === true ? 'case' : SENSITIVITY[strength],
    numeric: spec.get('numericOrdering') === true,
    caseFirst: caseFirst === 'upper' || caseFirst === 'lower' ? caseFirst : 'false',
    ignorePunctuation: spec.get('alternate') === 'shifted',
  })
  return (a, b) => collator.compare(a, b)
}

export interface Collation {
  /** Absent: the simple binary comparison. */
  readonly compare: StringCompare | undefined
  readonly spec: Doc | undefined
}

/** The collation of a command: its own one, else the collection's default. `{locale: 'simple'}` switches the default off. */
export function collationOf(asked: Doc | undefined, fallback: Collation): Collation {
  if (asked === undefined || asked.size === 0) return fallback
  const spec = normalCollation(asked)
  return { spec, compare: spec === undefined ? undefined : collationCompare(spec) }
}

/** Whether the two order strings alike; both are normal ones. */
export function sameCollation(a: Doc | undefined, b: Doc | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.keys.every((key, i) => b.get(key) === a.values[i])
}
