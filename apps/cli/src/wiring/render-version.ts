import { relaxedJson } from '@stage0/bson-schema'
import { readRepository, renderSchema } from '@stage0/core'
import { err, ok, type Problem, type Result } from '@stage0/types'
import { readWorkspace, workspaceOptions, type Settings } from '@stage0/workspace'

export type SchemaForm = 'json' | 'bson'

const INDENT = 2

/** The schema of one collection version as text, keys in declared order; the newest version without a number. */
export async function renderVersion(
  folder: string,
  settings: Settings,
  form: SchemaForm,
  collection: string,
  version: string | undefined,
): Promise<Result<string, readonly Problem[]>> {
  const read = await readWorkspace(folder, workspaceOptions(settings))
  if (!read.ok) return read
  const depth = settings.RENDER_STACK_MAX_DEPTH.value
  const rendered = renderSchema(readRepository(read.value), collection, version, form, depth)
  return rendered.ok ? ok(relaxedJson(rendered.value.schema, INDENT)) : err(rendered.error)
}
