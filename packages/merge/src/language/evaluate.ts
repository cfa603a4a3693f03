import { Mapping, Tuple } from '../value.ts'
import type { Tools } from './filters/filter.ts'
import { isKey, kindOf, Undefined, type Held } from './held.ts'
import type { Names } from './names.ts'
import { attributeOf, itemOf } from './operations/access.ts'
import { calculate, signed } from './operations/arithmetic.ts'
import { areEqual, orderOf } from './operations/compare.ts'
import { contains, isTrue } from './operations/members.ts'
import { joinTexts, printed } from './operations/text.ts'
import { failed, Refused } from './refused.ts'
import type { Comparison, Expression } from './syntax/tree.ts'

type Kind<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

/** Gives what expressions stand for. */
export class Evaluator {
  readonly #tools: Tools

  constructor(tools: Tools) {
    this.#tools = tools
  }

  /** @throws Refused with the place of the part that failed. */
  evaluate(expression: Expression, names: Names): Held {
    switch (expression.kind) {
      case 'literal':
        return expression.value
      case 'and':
      case 'or':
        return this.#logic(expression, names)
      case 'not':
        return !isTrue(this.evaluate(expression.operand, names))
      case 'choice':
        return this.#choice(expression, names)
      case 'list':
        return this.#all(expression.items, names)
      case 'tuple':
        return new Tuple(this.#all(expression.items, names))
      case 'comparison':
        return this.#comparison(expression, names)
      default:
        return this.#simple(expression, names)
    }
  }

  /** Kinds whose failure is their own, once their parts are known. */
  #simple(
    expression: Kind<'name' | 'attribute' | 'item' | 'mapping' | 'sign' | 'arithmetic' | 'joined' | 'filter' | 'test'>,
    names: Names,
  ): Held {
    switch (expression.kind) {
      case 'name':
        return located(expression.at, () => names.get(expression.name))
      case 'attribute': {
        const of = this.evaluate(expression.of, names)
        return located(expression.at, () => attributeOf(of, expression.name))
      }
      case 'item': {
        const of = this.evaluate(expression.of, names)
        const key = this.evaluate(expression.key, names)
        return located(expression.at, () => itemOf(of, key))
      }
      case 'mapping':
        return this.#mapping(expression, names)
      case 'sign': {
        const operand = this.evaluate(expression.operand, names)
        return located(expression.at, () => signed(expression.sign, operand))
      }
      case 'arithmetic': {
        const left = this.evaluate(expression.left, names)
        const right = this.evaluate(expression.right, names)
        return located(expression.at, () => calculate(expression.operator, left, right))
      }
      case 'joined': {
        const parts = this.#all(expression.parts, names)
        return located(expression.at, () => joinTexts(parts.map(printed)))
      }
      default:
        return this.#applied(expression, names)
    }
  }

  #all(expressions: readonly Expression[], names: Names): readonly Held[] {
    return expressions.map((expression) => this.evaluate(expression, names))
  }

  #logic({ kind, left, right }: Kind<'and' | 'or'>, names: Names): Held {
    const first = this.evaluate(left, names)
    return isTrue(first) === (kind === 'and') ? this.evaluate(right, names) : first
  }

  #choice({ condition, yes, no }: Kind<'choice'>, names: Names): Held {
    if (isTrue(this.evaluate(condition, names))) return this.evaluate(yes, names)
    return no === undefined ? new Undefined('the value of an `if` without `else`') : this.evaluate(no, names)
  }

  /** `a < b < c` is `a < b and b < c`, with `b` evaluated once. */
  #comparison({ left, steps }: Kind<'comparison'>, names: Names): boolean {
    let former = this.evaluate(left, names)
    for (const step of steps) {
      const next = this.evaluate(step.right, names)
      const one = former
      if (!located(step.at, () => compared(step.operator, one, next))) return false
      former = next
    }
    return true
  }

  #mapping({ entries }: Kind<'mapping'>, names: Names): Held {
    const mapping = new Mapping<Held>()
    for (const [keyExpression, valueExpression] of entries) {
      const key = this.evaluate(keyExpression, names)
      const value = this.evaluate(valueExpression, names)
      if (!isKey(key)) throw failed(`${kindOf(key)} cannot be the key of a mapping`, undefined, keyExpression.at)
      mapping.set(key, value)
    }
    return mapping
  }

  #applied(expression: Kind<'filter' | 'test'>, names: Names): Held {
    const { at, bound } = expression
    const input = this.evaluate(expression.input, names)
    const slots = bound.slots.map((slot) => (slot === undefined ? undefined : this.evaluate(slot, names)))
    if (expression.kind === 'test') return located(at, () => expression.test.holds(input, slots[0]))
    const rest = this.#all(bound.rest, names)
    return located(at, () => expression.filter.run(input, { slots, rest }, this.#tools))
  }
}

function compared(operator: Comparison, left: Held, right: Held): boolean {
  switch (operator) {
    case '==':
      return areEqual(left, right)
    case '!=':
      return !areEqual(left, right)
    case 'in':
      return contains(right, left)
    case 'not in':
      return !contains(right, left)
    case '<':
      return orderOf(left, right) < 0
    case '<=':
      return orderOf(left, right) <= 0
    case '>':
      return orderOf(left, right) > 0
    case '>=':
      return orderOf(left, right) >= 0
  }
}

/** Adds the place to a failure that does not know where it is. */
export function located<T>(at: number, act: () => T): T {
  try {
    return act()
  } catch (thrown) {
    if (!(thrown instanceof Refused) || thrown.at !== undefined) throw thrown
    throw new Refused(thrown.code, thrown.message, thrown.hint, at)
  }
}
