import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { isNullish, isTrue } from '../values.ts'
import { checkCount, fold, namedArguments, operands, unary, variadic } from './builders.ts'
import type { CompileOperator, Expression, Scope } from './types.ts'

const compileCond: CompileOperator = (argument, scope, name) => {
  const [condition, yes, no] = condParts(argument, scope, name)
  return fold([condition, yes, no], (root) => (isTrue(condition.evaluate(root)) ? yes : no).evaluate(root))
}

function condParts(argument: Value, scope: Scope, name: string): [Expression, Expression, Expression] {
  if (!isDoc(argument)) {
    const parts = operands(argument, scope)
    checkCount(name, parts.length, 3, 3)
    return parts as [Expression, Expression, Expression]
  }
  const given = namedArguments(name, argument, ['if', 'then', 'else'], [], {
    notObject: 16020,
    unknown: 17083,
    missing: { if: 17080, then: 17081, else: 17082 },
  })
  return [scope.compile(given.if, scope), scope.compile(given.then, scope), scope.compile(given.else, scope)]
}

const compileIfNull: CompileOperator = (argument, scope, name) => {
  const parts = operands(argument, scope)
  if (parts.length < 2) {
    throw new ServerError(1257300, `${name} needs at least two arguments, had: ${parts.length}`)
  }
  const evaluators = parts.map((part) => part.evaluate)
  const last = evaluators.length - 1
  return fold(parts, (root) => {
    for (let i = 0; i < last; i++) {
      const value = evaluators[i]?.(root)
      if (!isNullish(value)) return value
    }
    return evaluators[last]?.(root)
  })
}

interface Branch {
  readonly when: Expression
  readonly then: Expression
}

const compileSwitch: CompileOperator = (argument, scope, name) => {
  if (!isDoc(argument))
    throw new ServerError(40060, `${name} requires an object as an argument, found: ${typeof argument}`)
  const given = namedArguments(name, argument, [], ['branches', 'default'], {
    notObject: 40060,
    unknown: 40067,
    missing: 40068,
  })
  const list = given.branches ?? []
  if (!isArray(list)) throw new ServerError(40061, `${name} expected an array for 'branches'`)
  const branches = list.map((each) => compileBranch(each, scope, name))
  if (branches.length === 0) throw new ServerError(40068, `${name} requires at least one branch.`)
  const otherwise = given.default === undefined ? undefined : scope.compile(given.default, scope)
  const parts = [...branches.flatMap((branch) => [branch.when, branch.then]), ...(otherwise ? [otherwise] : [])]
  return fold(parts, (root) => {
    for (const branch of branches) if (isTrue(branch.when.evaluate(root))) return branch.then.evaluate(root)
    if (otherwise === undefined) {
      throw new ServerError(
        40066,
        `${name} could not find a matching branch for an input, and no default was specified.`,
      )
    }
    return otherwise.evaluate(root)
  })
}

function compileBranch(branch: Value, scope: Scope, name: string): Branch {
  const given = namedArguments(name, branch, ['case', 'then'], [], {
    notObject: 40062,
    unknown: 40063,
    missing: { case: 40064, then: 40065 },
  })
  return { when: scope.compile(given.case, scope), then: scope.compile(given.then, scope) }
}

/** `$and` and `$or` stop at the first operand that decides. */
const junction =
  (decisive: boolean): CompileOperator =>
  (argument, scope) => {
    const parts = operands(argument, scope)
    const evaluators = parts.map((part) => part.evaluate)
    return fold(parts, (root: Doc) => {
      for (const evaluate of evaluators) if (isTrue(evaluate(root)) === decisive) return decisive
      return !decisive
    })
  }

export const CONDITIONAL: Readonly<Record<string, CompileOperator>> = {
  $cond: compileCond,
  $ifNull: compileIfNull,
  $switch: compileSwitch,
  $and: junction(false),
  $or: junction(true),
  $not: unary((value) => !isTrue(value)),
  $allElementsTrue: variadic(([list], name) => elements(list, name, 17040).every(isTrue), 1, 1),
  $anyElementTrue: variadic(([list], name) => elements(list, name, 17041).some(isTrue), 1, 1),
}

function elements(list: Value | undefined, name: string, code: number): readonly Value[] {
  if (isArray(list)) return list
  throw new ServerError(code, `${name}'s argument must be an array`)
}
