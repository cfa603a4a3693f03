import { isArray, isDoc, readExtendedJson, type Doc } from '@stage0/bson-schema'
import type { TargetResult } from '@stage0/engine'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { runUpdate, runPipeline } from '../act/pipelines.ts'
import { fail } from '../errors/target-error.ts'
import { NEVER, type Database } from './database.ts'

export interface MigrateOptions {
  /** `update` changes the documents in place; the default, `as-written`, needs a final `$out` or `$merge`. */
  readonly mode?: 'as-written' | 'update'
  readonly signal?: AbortSignal
}

/**
 * Runs the pipeline of one migration file (a JSON array of stages, values as MongoDB Extended JSON, types and key order kept)
 * on a collection. Validators are bypassed. It is not recorded that it ran: repeat it only if it is idempotent.
 *
 * Errors: FILE_UNREADABLE, JSON_SYNTAX, DATA_NOT_ARRAY, DATA_ITEM_INVALID, MIGRATION_HAS_NO_TARGET, and those of the
 * connection.
 */
export async function migrate(
  database: Database,
  collection: string,
  path: string,
  { mode = 'as-written', signal = NEVER }: MigrateOptions = {},
): TargetResult {
  const name = basename(path)
  const read = await database.attempt(`read the migration ${name}`, async () => parse(name, await textOf(path)))
  if (!read.ok) return read
  const options = { comment: `stage0 migrate ${name}`, signal }
  if (mode === 'as-written') {
    const checked = await database.attempt(`run the migration ${name}`, () =>
      Promise.resolve(expectTarget(name, read.value)),
    )
    return checked.ok ? runPipeline(database, collection, read.value, options) : checked
  }
  const updated = await runUpdate(database, collection, read.value, options)
  return updated.ok ? { ok: true, value: undefined } : updated
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return fail('refused', 'FILE_UNREADABLE', `The migration cannot be read: ${why}.`)
  }
}

function parse(name: string, text: string): readonly Doc[] {
  const read = readExtendedJson(text)
  if (!read.ok) {
    const line = text.slice(0, read.error.offset).split('\n').length
    return fail('refused', 'JSON_SYNTAX', `${name}, line ${line}: this is not JSON: ${read.error.message}.`)
  }
  if (!isArray(read.value)) return fail('refused', 'DATA_NOT_ARRAY', `${name}: a migration is an array of stages.`)
  return read.value.map((stage, index) =>
    isDoc(stage) ? stage : fail('refused', 'DATA_ITEM_INVALID', `${name}: item ${index} is not a stage.`),
  )
}

function expectTarget(name: string, stages: readonly Doc[]): void {
  const last = stages.at(-1)
  if (last?.has('$out') === true || last?.has('$merge') === true) return
  fail('refused', 'MIGRATION_HAS_NO_TARGET', `${name} only reads: its last stage is neither $out nor $merge.`)
}
