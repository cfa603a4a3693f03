import { canonicalJson, decode, type Doc } from '@stage0/bson-schema'
import { shownOptions } from '../../catalog/options.ts'
import { Budget } from '../../storage/budget.ts'
import { Catalog } from '../../storage/catalog.ts'
import { IndexTree } from '../../storage/index-tree.ts'
import { documentOf } from '../../storage/record.ts'
import { DataFolder, type DataFolderOptions } from '../data-folder.ts'
import type { Files } from '../files.ts'
import type { Holder, Machine } from '../machine.ts'

export const FOLDER = 'data'

/** A machine on which only the processes of `running` run; this one has the number 1. */
export const machineWith = (running: readonly number[], pid = 1): Machine => ({
  describe: (since) => ({ pid, host: 'here', boot: 'b', begun: '7', since: since.toISOString() }),
  judge: (holder: Holder) => (holder.host !== 'here' ? 'unknown' : running.includes(holder.pid) ? 'running' : 'ended'),
})

export const emptyCatalog = (): Catalog => new Catalog(new Budget(1_000_000, 1_000_000_000))

/** Opens the folder as a new process would: whoever held it is gone. */
export async function reopen(
  files: Files,
  options: Partial<DataFolderOptions> = {},
): Promise<{ readonly folder: DataFolder; readonly catalog: Catalog }> {
  const catalog = emptyCatalog()
  const ports = { files, machine: machineWith([]), clock: () => new Date(0), log: () => undefined }
  const folder = await DataFolder.open(
    ports,
    { folder: FOLDER, recover: false, waitsByDefault: false, ...options },
    catalog,
  )
  return { folder, catalog }
}

const show = (value: Doc): string => canonicalJson(value)

/** All data as one text, in their order: databases, collections with identity, options, indexes and documents. */
export const dump = (catalog: Catalog): string =>
  catalog
    .databases()
    .flatMap((database) => catalog.collections(database))
    .flatMap((collection) => [
      `${collection.namespace} ${Buffer.from(collection.uuid).toString('hex')} ${show(shownOptions(collection.options))}`,
      ...[...collection.indexes.values()].map(({ spec }) => `index ${show(spec.spec)}`),
      ...Array.from(collection.records(), ({ raw }) => show(decode(raw))),
    ])
    .join('\n')

/** Every index holds exactly the keys of the documents that are there. Returns what is wrong. */
export function indexFaults(catalog: Catalog): readonly string[] {
  const faults: string[] = []
  for (const database of catalog.databases()) {
    for (const collection of catalog.collections(database)) {
      for (const index of collection.indexes.values()) {
        const fresh = new IndexTree({ ...index.spec, unique: false, prepareUnique: false })
        for (const record of collection.records()) fresh.add(fresh.keysOf(documentOf(record)), record)
        const keys = (tree: IndexTree): string =>
          Array.from(tree.from(undefined), ({ values, recordKey }) => JSON.stringify([values, recordKey])).join()
        if (keys(index) !== keys(fresh)) faults.push(`${collection.namespace} ${index.name}`)
      }
    }
  }
  return faults
}
