import type { Catalog } from './catalog.ts'
import type { CatalogChange, Change } from './changes.ts'
import type { Collection } from './collection.ts'

/** Takes back what was changed, as if it had never been: documents are in their places again. */
export function undo(catalog: Catalog, changes: readonly Change[]): void {
  const reordered = new Set<Collection>()
  for (const change of changes.toReversed()) {
    if (change.kind !== 'document') undoOfCatalog(catalog, change)
    else if (change.before === undefined) {
      if (change.after !== undefined) change.collection.settle(change.after.key, undefined)
    } else {
      change.collection.restore(change.before)
      if (change.after === undefined) reordered.add(change.collection)
    }
  }
  for (const collection of reordered) collection.reorder()
}

function undoOfCatalog(catalog: Catalog, change: CatalogChange): void {
  const { collection } = change
  switch (change.kind) {
    case 'create':
      return catalog.remove(collection)
    case 'drop':
      return catalog.bringBack(collection)
    case 'rename':
      catalog.rename(collection, change.from)
      if (change.replaced !== undefined) catalog.bringBack(change.replaced)
      return
    case 'swap':
      catalog.remove(collection)
      if (change.replaced !== undefined) catalog.bringBack(change.replaced)
      return
    case 'options':
      collection.options = change.before
      return
    case 'addIndex':
      return collection.dropIndex(change.spec.name)
    case 'dropIndex':
      return collection.bringBackIndex(change.index)
    case 'changeIndex':
      change.index.spec = change.before
      return
    default:
      return change satisfies never
  }
}
