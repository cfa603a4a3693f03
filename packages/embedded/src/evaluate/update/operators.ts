import { isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { show } from '../show.ts'
import { ARRAY_MODIFIERS } from './array-modifiers.ts'
import { FIELD_MODIFIERS } from './field-modifiers.ts'
import { renameTargets } from './rename.ts'
import type { Target } from './tree.ts'
import type { CompileModifier, UpdateContext } from './types.ts'

export const UPDATE_OPERATORS: ReadonlyMap<string, CompileModifier | 'rename'> = new Map<
  string,
  CompileModifier | 'rename'
>([...Object.entries(FIELD_MODIFIERS), ...Object.entries(ARRAY_MODIFIERS), ['$rename', 'rename']])

/** All single changes of an update document, in the order in which they are written. */
export function targetsOf(update: Doc, context: UpdateContext): readonly Target[] {
  return update.keys.flatMap((operator, i): readonly Target[] => {
    const compile = UPDATE_OPERATORS.get(operator)
    if (compile === undefined) {
      throw new ServerError(
        9,
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      )
    }
    const fields = update.values[i] as Value
    if (!isDoc(fields)) {
      throw new ServerError(
        9,
        `Modifiers operate on fields but we found type ${show(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${show(fields)}}`,
      )
    }
    return fields.keys.flatMap((path, k): readonly Target[] => {
      const operand = fields.values[k] as Value
      if (compile === 'rename') return renameTargets(path, operand)
      return [{ path, modifier: compile(operand, { operator, path, evaluation: context }) }]
    })
  })
}
