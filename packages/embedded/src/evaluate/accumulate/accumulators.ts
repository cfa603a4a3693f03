import { docOf, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { compileSort } from '../compile-sort.ts'
import { namedArguments } from '../expression/builders.ts'
import { positiveCount } from '../expression/array.ts'
import type { Evaluate, Scope } from '../expression/types.ts'
import { isNullish, keyIn, orderIn, typeOf } from '../values.ts'
import { Deviation, Summation } from './summation.ts'

type MaybeValue = Value | undefined

/** Collects the documents of one group or window. */
export interface Accumulation {
  readonly add: (document: Doc) => void
  readonly result: () => Value
}

/** Compiles an accumulator once; the function starts one accumulation per group. */
export type CompileAccumulator = (argument: Value, scope: Scope, name: string) => () => Accumulation

/** An accumulator over the values of one expression. */
const overValues =
  (start: (scope: Scope) => { add: (value: MaybeValue) => void; result: () => Value }): CompileAccumulator =>
  (argument, scope) => {
    const { evaluate } = scope.compile(argument, scope)
    return () => {
      const state = start(scope)
      return { add: (document) => state.add(evaluate(document)), result: state.result }
    }
  }

const extreme = (sign: 1 | -1): CompileAccumulator =>
  overValues((scope) => {
    const order = orderIn(scope.context.collation)
    let best: MaybeValue
    return {
      add: (value) => {
        if (!isNullish(value) && (best === undefined || sign * order(value, best) > 0)) best = value
      },
      result: () => best ?? null,
    }
  })

const sum = overValues(() => {
  const state = new Summation()
  return { add: (value) => state.add(value), result: () => state.sum() }
})
const average = overValues(() => {
  const state = new Summation()
  return { add: (value) => state.add(value), result: () => state.mean() }
})
const deviation = (sample: boolean): CompileAccumulator =>
  overValues(() => {
    const state = new Deviation()
    return { add: (value) => state.add(value), result: () => state.result(sample) }
  })

const first = overValues(() => {
  let seen = false
  let kept: MaybeValue
  return {
    add: (value) => {
      if (!seen) kept = value
      seen = true
    },
    result: () => kept ?? null,
  }
})

const last = overValues(() => {
  let kept: MaybeValue
  return {
    add: (value) => {
      kept = value
    },
    result: () => kept ?? null,
  }
})

const push = overValues(() => {
  const list: Value[] = []
  return {
    add: (value) => {
      if (value !== undefined) list.push(value)
    },
    result: () => list,
  }
})

const addToSet = overValues((scope) => {
  const key = keyIn(scope.context.collation)
  const found = new Map<string, Value>()
  return {
    add: (value) => {
      if (value === undefined) return
      const k = key(value)
      if (!found.has(k)) found.set(k, value)
    },
    result: () => [...found.values()],
  }
})

const mergeObjects = overValues(() => {
  const entries: [string, Value][] = []
  return {
    add: (value) => {
      if (isNullish(value)) return
      if (!isDoc(value))
        throw new ServerError(40400, `$mergeObjects requires object inputs, but input is of type ${typeOf(value)}`)
      entries.push(...value.entries())
    },
    result: () => docOf(entries),
  }
})

const count: CompileAccumulator = (argument, scope) => {
  if (!isDoc(argument) || argument.size > 0) throw new ServerError(9, '$count takes no arguments, i.e. $count:{}')
  return sum(1, scope, '$sum')
}

/** `$firstN`, `$lastN`, `$minN`, `$maxN`: `pick` chooses from all values of the group. */
const severalOf =
  (pick: (values: Value[], n: number, scope: Scope) => Value[]): CompileAccumulator =>
  (argument, scope, name) => {
    const given = namedArguments(name, argument, ['input', 'n'], [], {
      notObject: 5787900,
      unknown: 5787901,
      missing: { input: 5787907, n: 5787906 },
    })
    const input = scope.compile(given.input, scope).evaluate
    const n = constantCount(given.n, scope)
    return () => {
      const values: Value[] = []
      return { add: (document) => values.push(input(document) ?? null), result: () => pick(values, n, scope) }
    }
  }

function constantCount(n: Value, scope: Scope): number {
  const compiled = scope.compile(n, scope)
  if (!compiled.constant) throw new ServerError(5787902, `'n' must be a constant`)
  return positiveCount(compiled.evaluate(docOf([])))
}

const extremes =
  (sign: 1 | -1) =>
  (values: Value[], n: number, scope: Scope): Value[] => {
    const order = orderIn(scope.context.collation)
    return values
      .filter((value) => !isNullish(value))
      .sort((a, b) => sign * order(a, b))
      .slice(0, n)
  }

/** `$top`, `$bottom` and their `N` forms: `output` of the documents that come first or last by `sortBy`. */
const ranked =
  (end: 'top' | 'bottom', several: boolean): CompileAccumulator =>
  (argument, scope, name) => {
    const given = namedArguments(name, argument, several ? ['sortBy', 'output', 'n'] : ['sortBy', 'output'], [], {
      notObject: 5788001,
      unknown: 5788002,
      missing: 5788003,
    })
    const { sortBy, output } = given as Record<'sortBy' | 'output', Value>
    if (!isDoc(sortBy)) throw new ServerError(5788604, `expected 'sortBy' of ${name} to be an object`)
    const order = compileSort(sortBy, scope.context)
    const evaluate: Evaluate = scope.compile(output, scope).evaluate
    const n = several ? constantCount((given as Record<'n', Value>).n, scope) : 1
    return () => {
      const documents: Doc[] = []
      return {
        add: (document) => documents.push(document),
        result: () => {
          const sorted = documents.sort(order)
          const kept = (end === 'top' ? sorted.slice(0, n) : sorted.slice(-n)).map(
            (document) => evaluate(document) ?? null,
          )
          return several ? kept : (kept[0] ?? null)
        },
      }
    }
  }

export const ACCUMULATORS: ReadonlyMap<string, CompileAccumulator> = new Map<string, CompileAccumulator>([
  ['$sum', sum],
  ['$avg', average],
  ['$min', extreme(-1)],
  ['$max', extreme(1)],
  ['$first', first],
  ['$last', last],
  ['$push', push],
  ['$addToSet', addToSet],
  ['$mergeObjects', mergeObjects],
  ['$count', count],
  ['$stdDevPop', deviation(false)],
  ['$stdDevSamp', deviation(true)],
  ['$firstN', severalOf((values, n) => values.slice(0, n))],
  ['$lastN', severalOf((values, n) => values.slice(-n))],
  ['$minN', severalOf(extremes(1))],
  ['$maxN', severalOf(extremes(-1))],
  ['$top', ranked('top', false)],
  ['$bottom', ranked('bottom', false)],
  ['$topN', ranked('top', true)],
  ['$bottomN', ranked('bottom', true)],
])
