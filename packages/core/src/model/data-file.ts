import { isArray, isDoc, locateJson, readExtendedJson, type Value } from '@stage0/bson-schema'
import type { Problem } from '@stage0/types'
import { jsonPointer } from '../text/json-pointer.ts'
import type { RawFile } from './files.ts'
import { problemAt, problemIn, wholeFile, type Finding } from './locate.ts'
import type { DataFile } from './model.ts'
import { linePlace, type SourcePlace } from './source-place.ts'

/**
 * A file of test documents or of pipeline stages, or `undefined` when it cannot be used. Findings are added to `problems`.
 *
 * Values keep type and order: `5` is an int, `5.0` a double, a `$date` without zone is UTC. Documents without `_id` stay so.
 */
export function readDataFile(file: RawFile, problems: Problem[]): DataFile | undefined {
  const refuse = (finding: Omit<Finding, 'severity'>, place = placeOf(file, 0, '')): undefined => {
    problems.push(problemIn(place, { ...finding, severity: 'error' }))
    return undefined
  }
  if (!/\.json$/i.test(file.name)) {
    const hint = 'Convert the file and give it the extension `.json`.'
    return refuse({ code: 'DATA_NOT_JSON_FILE', text: 'Test data and migrations are JSON; this file is not.', hint })
  }
  const onDuplicateKey = ({ key, offset }: { readonly key: string; readonly offset: number }): void => {
    const text = `The key \`${key}\` stands twice in one object; the last value is used.`
    const finding: Finding = {
      code: 'JSON_DUPLICATE_KEY',
      severity: 'warning',
      text,
      hint: 'Remove the one that is not meant.',
    }
    problems.push(problemAt({ ...wholeFile(file), start: offset }, finding))
  }
  const read = readExtendedJson(file.text, { onDuplicateKey })
  if (!read.ok) {
    const { message, offset } = read.error
    const hint = 'Correct the JSON at this place; values of BSON types are written as MongoDB Extended JSON.'
    return refuse({ code: 'JSON_SYNTAX', text: `This is not JSON: ${message}.`, hint }, placeOf(file, offset, ''))
  }
  if (!isArray(read.value)) {
    const what =
      file.folder === 'migrations' ? 'a migration is an array of stages' : 'test data is an array of documents'
    return refuse({
      code: 'DATA_NOT_ARRAY',
      text: `The file is not an array: ${what}.`,
      hint: 'Wrap it in `[` and `]`.',
    })
  }
  const locate = (path: readonly (string | number)[]): SourcePlace => locateIn(file, path)
  let usable = true
  for (const [index, item] of read.value.entries()) {
    const text = wrongItem(file, item)
    if (text === undefined) continue
    usable = false
    refuse({ code: 'DATA_ITEM_INVALID', text, hint: 'Correct the item.' }, locate([index]))
  }
  return usable ? { fileName: file.name, items: read.value, at: wholeFile(file), locate } : undefined
}

function wrongItem(file: RawFile, item: Value): string | undefined {
  if (file.folder !== 'migrations') return isDoc(item) ? undefined : 'A test document must be an object.'
  if (!isDoc(item)) return 'A stage must be an object.'
  return item.size === 1 ? undefined : `A stage must have exactly one key, its operator; this one has ${item.size}.`
}

/** The place of a path, or of the nearest thing around it that is in the text. */
function locateIn(file: RawFile, path: readonly (string | number)[]): SourcePlace {
  for (let length = path.length; length > 0; length--) {
    const offset = locateJson(file.text, path.slice(0, length))
    if (offset !== undefined) return placeOf(file, offset, jsonPointer(path))
  }
  return placeOf(file, locateJson(file.text, []) ?? 0, jsonPointer(path))
}

const placeOf = (file: RawFile, offset: number, pointer: string): SourcePlace => ({
  file: file.path,
  pointer,
  ...linePlace(file, offset),
})
