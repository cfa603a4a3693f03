import { isRegex, isSymbol, typeNumber, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { compilePattern } from '../pattern.ts'
import type { Test } from './element-path.ts'
import { some, type CompileCondition } from './types.ts'

/** Matches strings by the pattern, and a stored regular expression that is the same. */
export function regexTest(pattern: string, options: string): Test {
  const regex = compilePattern(pattern, options)
  const sorted = [...options].sort().join('')
  return (value) => {
    if (typeof value === 'string') return regex.test(value)
    if (isSymbol(value)) return regex.test(value.value)
    return isRegex(value) && value.pattern === pattern && value.options === sorted
  }
}

const compileRegex: CompileCondition = (operand, { siblings }) => {
  const given = siblings.get('$options')
  const options = given === undefined ? '' : optionsText(given)
  if (isRegex(operand)) {
    if (operand.options !== '' && options !== '')
      throw new ServerError(51074, 'options set in both $regex and $options')
    return [some(regexTest(operand.pattern, operand.options === '' ? options : operand.options))]
  }
  if (typeof operand !== 'string') throw new ServerError(2, '$regex has to be a string')
  return [some(regexTest(operand, options))]
}

function optionsText(options: Value): string {
  if (typeof options === 'string') return options
  throw new ServerError(2, `$options has to be a string, found type ${typeNumber(options)}`)
}

/** `$options` is read by `$regex`; alone it is refused. */
const compileOptions: CompileCondition = (operand, { siblings }) => {
  optionsText(operand)
  if (!siblings.has('$regex')) throw new ServerError(2, '$options needs a $regex')
  return []
}

export const REGEX_CONDITIONS: Readonly<Record<string, CompileCondition>> = {
  $regex: compileRegex,
  $options: compileOptions,
}
