import { double, documentSize, isDoc } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { isNullish, typeOf } from '../values.ts'
import { unary } from './builders.ts'
import { computed, type CompileOperator } from './types.ts'

export const MISCELLANEOUS: Readonly<Record<string, CompileOperator>> = {
  $rand: (argument, scope) => {
    const empty = (isDoc(argument) && argument.size === 0) || (Array.isArray(argument) && argument.length === 0)
    if (!empty) throw new ServerError(3040501, '$rand does not currently accept arguments')
    const random = scope.context.random ?? Math.random
    return computed(() => double(random()))
  },
  $bsonSize: unary((value, name) => {
    if (isNullish(value)) return null
    if (!isDoc(value)) throw new ServerError(31393, `${name} requires a document input, found: ${typeOf(value)}`)
    return documentSize(value)
  }),
}
