import { isNumeric, type Doc, type Value } from '@stage0/bson-schema'
import { toNumber } from '../commands/fields.ts'
import type { IndexReader } from '../storage/readers.ts'
import { sameCollation, type Collation } from './collation.ts'
import type { IndexScan } from './index-scan.ts'

/**
 * The direction in which the scans of `index` give the order of `sort`; `undefined` where it does not. Fields that a single
 * scan holds at one value may be left out of the sort. An array has several keys and one place: such an index does not sort.
 */
export function sortDirection(
  index: IndexReader,
  scans: readonly IndexScan[],
  sort: Doc,
  collation: Collation,
): 1 | -1 | undefined {
  if (!index.usable || index.multikey) return undefined
  if (!sameCollation(index.spec.collation?.spec, collation.spec)) return undefined
  const [only] = scans.length === 1 ? scans : []
  for (let skipped = 0; skipped <= (only?.prefix.length ?? 0); skipped++) {
    const direction = directionFrom(index, skipped, sort)
    if (direction !== undefined) return direction
  }
  return undefined
}

function directionFrom({ spec }: IndexReader, skipped: number, sort: Doc): 1 | -1 | undefined {
  const fields = spec.key.keys.slice(skipped)
  if (sort.size > fields.length || sort.keys.some((field, i) => field !== fields[i])) return undefined
  const directions = sort.values.map((value, i) => {
    const asked = signOf(value)
    return asked === 0 ? 0 : asked * (Number(spec.key.values[skipped + i]) < 0 ? -1 : 1)
  })
  if (directions.every((direction) => direction === 1)) return 1
  return directions.every((direction) => direction === -1) ? -1 : undefined
}

/** 0 for what is no direction, such as `$meta`. */
const signOf = (value: Value): number => (isNumeric(value) ? Math.sign(toNumber(value)) : 0)
