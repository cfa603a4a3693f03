import { plainText, sameOption, type IndexForm } from './index-form.ts'
import type { Risk } from './plan.ts'
import { risk } from './risks.ts'
import type { WantedVersion } from './wanted.ts'

const ID_INDEX = '_id_'

/** What is lost with an index for good: what it does and none of `left`, the indexes after the version, does. */
export function lossesOf(version: WantedVersion, gone: IndexForm, left: Iterable<IndexForm>): Risk[] {
  const others = [...left]
  const { name, key, options } = gone
  const fields = plainText(key)
  const losses: Risk[] = []
  // Queries do not use a hidden index.
  if (options.get('hidden') !== true && !others.some((one) => servesQueriesOf(one, gone)))
    losses.push(risk(version, 'queriesLoseIndex', `no index takes the place of ${name} ${fields} for queries`, name))
  if (options.has('expireAfterSeconds') && !others.some((one) => expires(one, gone)))
    losses.push(risk(version, 'nothingExpires', `documents no longer expire by ${name} ${fields}`, name))
  if (options.get('unique') === true && !others.some((one) => keepsUnique(one, gone)))
    losses.push(risk(version, 'uniquenessLost', `no unique index takes the place of ${name} ${fields}`, name))
  return losses
}

/** Whether it holds every document that the other one holds, in the same order of texts. */
const holdsAllOf = (one: IndexForm, gone: IndexForm): boolean =>
  sameOption(one, gone, 'collation') &&
  ['sparse', 'partialFilterExpression'].every((name) => !one.options.has(name) || sameOption(one, gone, name))

/** An index serves what asks for its first fields, in either direction. */
function servesQueriesOf(one: IndexForm, gone: IndexForm): boolean {
  if (one.options.get('hidden') === true || !holdsAllOf(one, gone)) return false
  const turns = gone.key.keys.map((path, i) => {
    const [kind, former] = [one.key.values[i], gone.key.values[i]]
    if (one.key.keys[i] !== path || kind === undefined || former === undefined) return undefined
    if (typeof kind === 'string') return kind === former ? 1 : undefined
    // A hashed index serves equality only, which any order of values serves too.
    if (typeof former === 'string') return former === 'hashed' ? 1 : undefined
    return Math.sign(Number(plainText(kind))) * Math.sign(Number(plainText(former)))
  })
  return turns.every((turn) => turn !== undefined && turn === turns[0])
}

const expires = (one: IndexForm, gone: IndexForm): boolean =>
  one.options.has('expireAfterSeconds') && one.key.keys[0] === gone.key.keys[0] && holdsAllOf(one, gone)

/** Values that differ in some of the fields differ in all of them. */
const keepsUnique = (one: IndexForm, gone: IndexForm): boolean =>
  (one.options.get('unique') === true || one.name === ID_INDEX) &&
  holdsAllOf(one, gone) &&
  one.key.keys.every((path) => gone.key.has(path))
