import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import type { PipelineEnd } from '../contract.ts'
import { fieldPath } from '../paths.ts'
import { typeOf } from '../values.ts'
import { docOr, onlyFields, requiredField, textOr } from './arguments.ts'

interface Namespace {
  readonly database: string | undefined
  readonly collection: string
}

function namespaceOf(value: Value, name: string, code: number): Namespace {
  if (typeof value === 'string') return { database: undefined, collection: value }
  if (!isDoc(value))
    throw new ServerError(code, `${name} only supports a string or object argument, but found ${typeOf(value)}`)
  onlyFields(value, name, ['db', 'coll'])
  return {
    database: textOr(requiredField(value, name, 'db'), 14, `'db' of ${name} must be a string`),
    collection: textOr(requiredField(value, name, 'coll'), 14, `'coll' of ${name} must be a string`),
  }
}

export function readOut(spec: Value): PipelineEnd {
  if (isDoc(spec) && spec.has('timeseries'))
    throw new ServerError(115, `'timeseries' of $out is not supported by the embedded server`)
  return { kind: 'out', ...namespaceOf(spec, '$out', 16990) }
}

const MERGE_FIELDS = ['into', 'on', 'let', 'whenMatched', 'whenNotMatched']
type MergeEnd = Extract<PipelineEnd, { kind: 'merge' }>

export function readMerge(spec: Value): PipelineEnd {
  if (typeof spec !== 'string' && !isDoc(spec))
    throw new ServerError(51182, `$merge requires a string or object argument, but found ${typeOf(spec)}`)
  const fields = typeof spec === 'string' ? undefined : spec
  if (fields !== undefined) onlyFields(fields, '$merge', MERGE_FIELDS)
  const into = fields === undefined ? (spec as string) : requiredField(fields, '$merge', 'into')
  return {
    kind: 'merge',
    ...namespaceOf(into, '$merge', 51178),
    on: readOn(fields?.get('on')),
    whenMatched: readWhenMatched(fields),
    whenNotMatched: readWhenNotMatched(fields?.get('whenNotMatched')),
  }
}

function readOn(on: Value | undefined): readonly string[] {
  if (on === undefined) return ['_id']
  const names = isArray(on) ? on : [on]
  if (names.length === 0)
    throw new ServerError(51187, "If explicitly specifying $merge 'on', must include at least one field")
  const paths = names.map((name) =>
    textOr(name, isArray(on) ? 51134 : 51186, `$merge 'on' field must be a string or an array of strings`),
  )
  paths.forEach(fieldPath)
  if (new Set(paths).size < paths.length) throw new ServerError(31465, `Found a duplicate field in $merge.on list`)
  return paths
}

function readWhenMatched(fields: Doc | undefined): MergeEnd['whenMatched'] {
  const mode = fields?.get('whenMatched') ?? 'merge'
  const variables = fields?.get('let')
  if (isArray(mode))
    return {
      pipeline: mode,
      let: variables === undefined ? undefined : docOr(variables, 14, `$merge 'let' must be an object`),
    }
  if (variables !== undefined)
    throw new ServerError(51199, `Cannot use 'let' variables with 'whenMatched: ${String(mode)}' mode`)
  if (mode === 'replace' || mode === 'keepExisting' || mode === 'merge' || mode === 'fail') return mode
  throw new ServerError(2, `Enumeration value '${String(mode)}' for field '$merge.whenMatched' is not a valid value.`)
}

function readWhenNotMatched(mode: Value | undefined): MergeEnd['whenNotMatched'] {
  if (mode === undefined) return 'insert'
  if (mode === 'insert' || mode === 'discard' || mode === 'fail') return mode
  throw new ServerError(
    2,
    `Enumeration value '${String(mode)}' for field '$merge.whenNotMatched' is not a valid value.`,
  )
}
