import { createHash } from 'node:crypto'
import { relaxedJson } from '@stage0/bson-schema'
import { collectionOf, renderSchema, versionText, withoutExtension, type SchemaFormat } from '@stage0/core'
import type { Settings, Snapshot } from '@stage0/workspace'
import { HttpProblem } from '../../http-problem.ts'
import { findVersion } from '../collections/find-version.ts'
import { fileIndex } from '../repository/file-index.ts'
import { perSnapshot, Recent } from '../repository/memo.ts'
import { brokenFile } from './file-forms.ts'

const INDENT = 2

export interface RenderedText {
  readonly collection: string
  /** Four parts. */
  readonly version: string
  /** Keys in declared order. */
  readonly text: string
  readonly etag: string
}

/** Rendered schemas that are kept per snapshot, in characters. */
const MAX_KEPT = 32 * 1_048_576
const rendered = perSnapshot(() => new Recent<RenderedText>(MAX_KEPT, ({ text }) => text.length))

/**
 * The schema of a version of a collection as text.
 *
 * @param file Name of the configuration file, with or without its extension.
 * @throws HttpProblem COLLECTION_UNKNOWN, VERSION_UNKNOWN; FILE_BROKEN and SCHEMA_NOT_RENDERED with what is wrong.
 */
export function renderedText(
  snapshot: Snapshot,
  settings: Settings,
  format: SchemaFormat,
  file: string,
  version: string,
): RenderedText {
  const files = fileIndex(snapshot, settings).configurations
  const name = files.has(file) ? collectionOf(file) : withoutExtension(file)
  const configuration = snapshot.repository.configurations.get(name)
  if (configuration === undefined) {
    const broken = [...files.values()].find((entry) => entry.broken && collectionOf(entry.name) === name)
    if (broken !== undefined) throw brokenFile(`${broken.path} has errors.`, broken.problems)
    throw new HttpProblem('COLLECTION_UNKNOWN', 'The repository has no configuration of that name.')
  }
  const number = versionText(findVersion(configuration, version).number)
  return rendered(snapshot).get(`${format}/${name}/${number}`, () => {
    const schema = renderSchema(snapshot.repository, name, number, format, settings.RENDER_STACK_MAX_DEPTH.value)
    if (!schema.ok) {
      const detail = `The schema of ${name} ${number} cannot be rendered.`
      throw new HttpProblem('SCHEMA_NOT_RENDERED', detail, { problems: schema.error })
    }
    const text = relaxedJson(schema.value.schema, INDENT)
    const etag = `"${createHash('sha256').update(text).digest('hex')}-j"`
    return { collection: name, version: number, text, etag }
  })
}
