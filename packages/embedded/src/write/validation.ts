import { Doc, doc } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'
import type { LogLine } from '../server-state.ts'
import type { CollectionReader } from '../storage/readers.ts'

/**
 * Holds a new document against the collection's rules. `before` is the stored document of an update: under the level
 * `moderate` one that broke the rules before may go on doing so. Throws 121 with `errInfo`; the action `warn` only logs.
 */
export function checkRules(
  collection: CollectionReader,
  document: Doc,
  options: {
    readonly bypass: boolean
    readonly before: (() => Doc) | undefined
    readonly log: (line: LogLine) => void
  },
): void {
  const { validator, validationLevel, validationAction } = collection.options
  if (validator === undefined || options.bypass || validationLevel === 'off') return
  if (validator.accepts(document)) return
  if (validationLevel === 'moderate' && options.before !== undefined && !validator.accepts(options.before())) return
  const errInfo = doc({ failingDocumentId: document.get('_id') ?? null, details: validator.explain(document) })
  if (validationAction === 'warn') {
    options.log({
      message: 'Document would fail validation',
      attributes: new Doc(['namespace', 'errInfo'], [collection.namespace, errInfo]),
    })
    return
  }
  throw new ServerError(121, 'Document failed validation', new Doc(['errInfo'], [errInfo]))
}
