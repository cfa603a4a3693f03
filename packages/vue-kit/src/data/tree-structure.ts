/** Where a row stands in its tree. Indexes point into the flat list of rows. */
export interface TreePlace {
  /** The index of the row above it in the tree; -1 for a row of the first level. */
  readonly parent: number
  readonly hasChildren: boolean
  /** Its position among its siblings, from 1, and how many they are. */
  readonly position: number
  readonly siblings: number
}

/** The places of rows that are listed from top to bottom with their depth (0 is the first level). O(rows). */
export function treePlaces(rows: readonly { readonly depth: number }[]): readonly TreePlace[] {
  const ancestors: number[] = []
  const childCount = new Map<number, number>()
  const parts = rows.map(({ depth }, index) => {
    ancestors.length = Math.min(ancestors.length, depth)
    const parent = ancestors.at(-1) ?? -1
    const position = (childCount.get(parent) ?? 0) + 1
    childCount.set(parent, position)
    ancestors.push(index)
    return { parent, position }
  })
  return parts.map(({ parent, position }, index) => ({
    parent,
    position,
    siblings: childCount.get(parent) ?? 0,
    hasChildren: childCount.has(index),
  }))
}

/** The indexes of the rows in sight: every ancestor is expanded. */
export function visibleRows(places: readonly TreePlace[], isExpanded: (index: number) => boolean): readonly number[] {
  const isOpen: boolean[] = []
  const visible: number[] = []
  places.forEach(({ parent }, index) => {
    const isShown = parent === -1 || isOpen[parent] === true
    isOpen.push(isShown && isExpanded(index))
    if (isShown) visible.push(index)
  })
  return visible
}

/** The indexes of the rows that match, and of all rows above them. */
export function filteredRows(places: readonly TreePlace[], isMatch: (index: number) => boolean): readonly number[] {
  const isKept = new Set<number>()
  for (let index = places.length - 1; index >= 0; index -= 1) {
    if (!isKept.has(index) && !isMatch(index)) continue
    isKept.add(index)
    const parent = places[index]?.parent ?? -1
    if (parent >= 0) isKept.add(parent)
  }
  return [...isKept].sort((one, other) => one - other)
}
