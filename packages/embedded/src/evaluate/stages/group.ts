import { Doc, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { ACCUMULATORS, type Accumulation } from '../accumulate/accumulators.ts'
import type { Evaluate, Scope } from '../expression/types.ts'
import { keyIn } from '../values.ts'
import { docOr } from './arguments.ts'
import { gathered, TURN } from '../turn.ts'
import type { CompileStage, Transform } from './types.ts'

interface Output {
  readonly name: string
  readonly start: () => Accumulation
}

/** Compiles `{field: {$accumulator: argument}}`. */
export function compileOutputs(fields: Doc, scope: Scope): readonly Output[] {
  return fields.keys.map((name, i) => ({ name, start: compileOutput(name, fields.values[i] as Value, scope) }))
}

function compileOutput(name: string, value: Value, scope: Scope): () => Accumulation {
  if (name.includes('.')) throw new ServerError(40235, `The field name '${name}' cannot contain '.'`)
  if (name.startsWith('$')) throw new ServerError(40236, `The field name '${name}' cannot be an operator name`)
  if (!isDoc(value) || value.size === 0)
    throw new ServerError(40234, `The field '${name}' must be an accumulator object`)
  if (value.size > 1) throw new ServerError(40238, `The field '${name}' must specify one accumulator`)
  const [operator] = value.keys as [string]
  const compile = ACCUMULATORS.get(operator)
  if (compile === undefined) throw new ServerError(15952, `unknown group operator '${operator}'`)
  return compile(value.values[0] as Value, scope, operator)
}

interface Group {
  readonly id: Value
  readonly accumulations: readonly Accumulation[]
}

/** Groups by the value of `id`; a missing value is null. Groups come in the order in which they were met. */
export function groupBy(id: Evaluate, outputs: readonly Output[], scope: Scope): Transform {
  const key = keyIn(scope.context.collation)
  const keys = ['_id', ...outputs.map(({ name }) => name)]
  return function* (input) {
    const groups = new Map<string, Group>()
    for (const document of input) {
      if (document === TURN) {
        yield TURN
        continue
      }
      const value = id(document) ?? null
      const k = key(value)
      let group = groups.get(k)
      if (group === undefined)
        groups.set(k, (group = { id: value, accumulations: outputs.map(({ start }) => start()) }))
      for (const accumulation of group.accumulations) accumulation.add(document)
    }
    for (const group of groups.values())
      yield new Doc(keys, [group.id, ...group.accumulations.map((each) => each.result())])
  }
}

export const compileGroup: CompileStage = (spec, { scope }) => {
  const fields = docOr(spec, 15947, "a group's fields must be specified in an object")
  const id = fields.get('_id')
  if (id === undefined) throw new ServerError(15955, 'a group specification must include an _id')
  return groupBy(scope.compile(id, scope).evaluate, compileOutputs(fields.without('_id'), scope), scope)
}

export const compileSortByCount: CompileStage = (spec, environment) => {
  const { scope } = environment
  const allowed =
    (typeof spec === 'string' && spec.startsWith('$')) || (isDoc(spec) && (spec.keys[0] ?? '').startsWith('$'))
  if (!allowed) {
    throw isDoc(spec)
      ? new ServerError(
          40147,
          `the sortByCount field must be defined as a $-prefixed path or an expression inside an object`,
        )
      : new ServerError(
          typeof spec === 'string' ? 40148 : 40149,
          `the sortByCount field must be specified as a string or as an object`,
        )
  }
  const counts = new Doc(['count'], [new Doc(['$sum'], [1])])
  const group = groupBy(scope.compile(spec, scope).evaluate, compileOutputs(counts, scope), scope)
  return function* (input) {
    const groups = yield* gathered(group(input))
    yield* groups.sort((a, b) => Number(b.get('count')) - Number(a.get('count')))
  }
}
