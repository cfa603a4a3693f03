import { doc, encode } from '@stage0/bson-schema'
import type { Catalog } from '../../storage/catalog.ts'
import { NO_OPTIONS } from '../../storage/collection.ts'
import type { Change } from '../../storage/changes.ts'
import type { DataFolder } from '../data-folder.ts'
import { reopen } from './data.ts'
import { MemoryFiles } from './memory-files.ts'

/** Stores a document `{_id}` in `shop.user`, as one unit. */
export function store({ folder, catalog }: { folder: DataFolder; catalog: Catalog }, id: number, text = ''): void {
  const changes: Change[] = []
  let collection = catalog.find('shop', 'user')
  if (collection === undefined) {
    collection = catalog.add(catalog.build('shop', 'user', NO_OPTIONS))
    changes.push({ kind: 'create', collection, options: NO_OPTIONS })
  }
  const after = collection.insert(encode(doc({ _id: id, text })), id)
  folder.committed([...changes, { kind: 'document', collection, before: undefined, after }])
}

/** The ids in `shop.user`, in order. */
export const ids = (catalog: Catalog): readonly unknown[] =>
  Array.from(catalog.find('shop', 'user')?.records() ?? [], ({ id }) => id)

/** A folder that holds documents 1 to `count`, each in a record of its own, of a process that was killed. */
export async function killedWith(count: number, text = ''): Promise<MemoryFiles> {
  const files = new MemoryFiles()
  const opened = await reopen(files)
  for (let id = 1; id <= count; id++) store(opened, id, text)
  return files
}
