import { Doc, isDoc, relaxedJson, type Value } from '@stage0/bson-schema'
import { readYaml, yamlValue, type RawFile } from '@stage0/core'

const INDENT = 2
const BYTE_ORDER_MARK = /^\ufeff/

/**
 * A file that can be used as JSON, its keys in the order of the file (W-32).
 *
 * A data file is JSON already and comes as it is written: `5.0` stays `5.0`, and no integer loses a digit. In the others `file_name` says
 * the name that the file has, whatever it says of itself: old clients write back to where it tells them.
 */
export function jsonForm(file: RawFile): string {
  if (isData(file)) return file.text.replace(BYTE_ORDER_MARK, '')
  const { root } = readYaml(file.text)
  if (root === undefined) throw new Error(`${file.path} can be used, but not read`)
  return relaxedJson(withFileName(yamlValue(root, ignore), file.name), INDENT)
}

/** Test data and migrations are JSON on the disk; the other kinds are YAML. */
const isData = ({ folder }: Pick<RawFile, 'folder'>): boolean => folder === 'test_data' || folder === 'migrations'

const ignore = () => undefined

function withFileName(value: Value, name: string): Value {
  if (!isDoc(value)) return value
  if (value.has('file_name')) return value.with('file_name', name)
  return new Doc(['file_name', ...value.keys], [name, ...value.values])
}
