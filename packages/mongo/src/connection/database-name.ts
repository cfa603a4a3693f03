import type { TargetError } from '@stage0/engine'
import { targetError } from '../errors/target-error.ts'

const MAX_BYTES = 63
const FORBIDDEN = /[/\\. "$*<>:|?\0]/
/** No validators are possible in these. Source: the manual's page of collMod. */
const SYSTEM = ['admin', 'config', 'local']

/** Why a database name cannot be used, or `undefined`. Source: the manual's page of naming restrictions. */
export function databaseNameProblem(name: string): TargetError | undefined {
  const problem = (why: string): TargetError =>
    targetError('refused', 'DATABASE_NAME_INVALID', `The database name ${JSON.stringify(name)} ${why}.`)
  if (name === '') return problem('is empty')
  if (Buffer.byteLength(name) > MAX_BYTES) return problem(`is longer than ${MAX_BYTES} bytes`)
  const character = FORBIDDEN.exec(name)?.[0]
  if (character !== undefined) return problem(`contains ${JSON.stringify(character)}`)
  if (SYSTEM.includes(name.toLowerCase())) return problem('is kept by MongoDB for itself')
  return undefined
}
