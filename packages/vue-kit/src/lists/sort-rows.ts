import type { Sort } from './column.ts'

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

function compare(one: unknown, other: unknown): number {
  if (one === other) return 0
  // What has no value comes last, whatever the direction of the rest.
  if (one === undefined || one === null) return 1
  if (other === undefined || other === null) return -1
  if (typeof one === 'number' && typeof other === 'number') return one - other
  if (one instanceof Date && other instanceof Date) return one.getTime() - other.getTime()
  return collator.compare(String(one), String(other))
}

/** The rows in the order that is asked for; rows that are equal stay as they were. */
export function sortRows<Row>(
  rows: readonly Row[],
  sort: Sort | undefined,
  valueOf: (row: Row, key: string) => unknown,
): readonly Row[] {
  if (sort === undefined) return rows
  const isNone = (value: unknown) => value === undefined || value === null
  return rows
    .map((row) => ({ row, value: valueOf(row, sort.key) }))
    .sort((one, other) => {
      const order = compare(one.value, other.value)
      return sort.isDescending && !isNone(one.value) && !isNone(other.value) ? -order : order
    })
    .map(({ row }) => row)
}
