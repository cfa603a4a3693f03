import { ACCUMULATE } from './accumulate.ts'
import { ARITHMETIC } from './arithmetic.ts'
import { ARRAY } from './array.ts'
import { BITWISE } from './bitwise.ts'
import { COMPARISON } from './comparison.ts'
import { CONDITIONAL } from './conditional.ts'
import { CONVERT } from './convert.ts'
import { DATE_ARITHMETIC } from './date-arithmetic.ts'
import { DATE } from './date.ts'
import { MISCELLANEOUS } from './miscellaneous.ts'
import { OBJECT } from './object.ts'
import { REGEX } from './regex.ts'
import { SET } from './set.ts'
import { STRING } from './string.ts'
import { TRIGONOMETRY } from './trigonometry.ts'
import type { CompileOperator } from './types.ts'
import { VARIABLES } from './variables.ts'

/** Every operator of aggregation expressions. */
export const EXPRESSION_OPERATORS: ReadonlyMap<string, CompileOperator> = new Map(
  Object.entries({
    ...ACCUMULATE,
    ...ARITHMETIC,
    ...ARRAY,
    ...BITWISE,
    ...COMPARISON,
    ...CONDITIONAL,
    ...CONVERT,
    ...DATE,
    ...DATE_ARITHMETIC,
    ...MISCELLANEOUS,
    ...OBJECT,
    ...REGEX,
    ...SET,
    ...STRING,
    ...TRIGONOMETRY,
    ...VARIABLES,
  }),
)
