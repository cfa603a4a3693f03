import { suggest } from '../../suggest.ts'
import { filterNames } from '../filters/all-filters.ts'
import { unsupported, type Refused } from '../refused.ts'
import { testNames } from '../tests/all-tests.ts'
import { insteadOf } from './instead.ts'

/**
 * A filter or a test that is not offered: what gives the same, or the name that is spelled like it, and all there are.
 *
 * @param what Which of the two.
 * @param name As it stands in the template.
 * @param at Where; whoever evaluates adds it where it is not known.
 */
export function unknownName(what: 'filter' | 'test', name: string, at?: number): Refused {
  const known = (what === 'filter' ? filterNames : testNames).filter((one) => /^\w/.test(one))
  const near = suggest(name, known)
  const sign = what === 'filter' ? '|' : 'is'
  const first = insteadOf(name) ?? (near === undefined ? '' : `Did you mean \`${sign} ${near}\`?`)
  const hint = `${first} The ${what}s are: ${known.toSorted().join(', ')}.`.trim()
  return unsupported(at, `There is no ${what} \`${name}\` in the language here`, hint)
}
