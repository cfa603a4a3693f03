import type { Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { fieldPath, valueAt } from '../paths.ts'
import { computed, constant, type Cell, type Expression, type Scope } from './types.ts'

const VARIABLE_NAME = /^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/
/** Variables that exist on a real server but need what the embedded one does not have. */
const UNAVAILABLE: Readonly<Record<string, number>> = { CLUSTER_TIME: 51144, USER_ROLES: 17276, SEARCH_META: 17276 }

/** Refuses names that a user may not declare. */
export function checkVariableName(name: string): void {
  if (name === '') throw new ServerError(9, 'empty variable names are not allowed')
  if (name === 'CURRENT' || VARIABLE_NAME.test(name)) return
  throw new ServerError(
    9,
    /^[a-z\u0080-\uffff]/.test(name)
      ? `'${name}' contains an invalid character for a variable name`
      : `'${name}' starts with an invalid character for a user variable name`,
  )
}

/** Compiles `"$a.b"` and `"$$name.a.b"`. */
export function compileFieldPath(text: string, scope: Scope): Expression {
  if (text.startsWith('$$')) return compileVariable(text.slice(2), scope)
  if (text === '$') throw new ServerError(16872, `'$' by itself is not a valid FieldPath`)
  return overCell(fieldPath(text.slice(1)), scope.variables.get('CURRENT'))
}

function compileVariable(text: string, scope: Scope): Expression {
  const dot = text.indexOf('.')
  const name = dot < 0 ? text : text.slice(0, dot)
  if (name === '') throw new ServerError(9, 'empty variable names are not allowed')
  const parts = dot < 0 ? [] : fieldPath(text.slice(dot + 1))
  const cell = scope.variables.get(name)
  if (cell !== undefined) return overCell(parts, cell)
  if (name === 'ROOT' || name === 'CURRENT') return overCell(parts, undefined)
  if (name === 'REMOVE') return constant(undefined)
  if (name === 'NOW') return constant(valueAt(scope.context.now, parts))
  const given = scope.context.variables.get(name)
  if (given !== undefined) return constant(valueAt(given, parts))
  const code = UNAVAILABLE[name]
  if (code !== undefined) throw new ServerError(code, `Builtin variable '$$${name}' is not available`)
  throw new ServerError(17276, `Use of undefined variable: ${name}`)
}

/** The path inside a variable, or inside the document where there is no cell. */
function overCell(parts: readonly string[], cell: Cell | undefined): Expression {
  const [only] = parts
  if (cell === undefined) {
    if (only === undefined) return computed((root) => root)
    if (parts.length === 1) return computed((root) => root.get(only))
    return computed((root) => valueAt(root, parts))
  }
  if (only === undefined) return computed(() => cell.value)
  return computed((): Value | undefined => valueAt(cell.value, parts))
}
