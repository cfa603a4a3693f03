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

  /** @throws Refused with the place of the part that failed: each part adds its own where the cause does not know it. */
  evaluate(expression: Expression, names: Names): Held {
    try {
      return this.#valueOf(expression, names)
    } catch (thrown) {
      throw placed(thrown, expression.at)
    }
  }

  #valueOf(expression: Expression, names: Names): Held {
    switch (expression.kind) {
      case 'literal':
        return expression.value
      case 'name':
        return names.get(expression.name)
      case 'attribute':
        return attributeOf(this.evaluate(expression.of, names), expression.name)
      case 'item':
        return itemOf(this.evaluate(expression.of, names), this.evaluate(expression.key, names))
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
      case 'mapping':
        return this.#mapping(expression, names)
      case 'comparison':
        return this.#comparison(expression, names)
      case 'sign':
        return signed(expression.sign, this.evaluate(expression.operand, names))
      case 'arithmetic':
        return calculate(
          expression.operator,
          this.evaluate(expression.left, names),
          this.evaluate(expression.right, names),
        )
      case 'joined':
        return joinTexts(this.#all(expression.parts, names).map(printed))
      case 'test':
        return expression.test.holds(this.evaluate(expression.input, names), this.#slots(expression, names)[0])
      case 'filter': {
        const input = this.evaluate(expression.input, names)
        const slots = this.#slots(expression, names)
        return expression.filter.run(input, { slots, rest: this.#all(expression.bound.rest, names) }, this.#tools)
      }
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

  #slots({ bound }: Kind<'filter' | 'test'>, names: Names): readonly (Held | undefined)[] {
    return bound.slots.map((slot) => (slot === undefined ? undefined : this.evaluate(slot, names)))
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

/** A failure with its place: `at` where it does not know it itself. Anything else is as it was thrown. */
export function placed(thrown: unknown, at: number): unknown {
  if (!(thrown instanceof Refused) || thrown.at !== undefined) return thrown
  return new Refused(thrown.code, thrown.message, thrown.hint, at)
}

/** Adds the place to a failure that does not know where it is. */
export function located<T>(at: number, act: () => T): T {
  try {
    return act()
  } catch (thrown) {
    throw placed(thrown, at)
  }
}
