import type { Filter } from '../filters/filter.ts'
import type { Bound } from '../filters/signature.ts'
import type { Test } from '../tests/test.ts'

interface Node {
  /** Offset of the part that fails when this expression fails: a name, an operator, an attribute, a filter. */
  readonly at: number
  /** Levels of expressions in it, itself included. */
  readonly depth: number
}

export type Arithmetic = '+' | '-' | '*' | '/' | '//' | '%' | '**'
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

export type Expression =
  | (Node & { readonly kind: 'literal'; readonly value: null | boolean | bigint | number | string })
  | (Node & { readonly kind: 'name'; readonly name: string })
  | (Node & { readonly kind: 'attribute'; readonly of: Expression; readonly name: string })
  | (Node & { readonly kind: 'item'; readonly of: Expression; readonly key: Expression })
  | (Node & { readonly kind: 'list' | 'tuple'; readonly items: readonly Expression[] })
  | (Node & { readonly kind: 'mapping'; readonly entries: readonly (readonly [Expression, Expression])[] })
  | (Node & { readonly kind: 'sign'; readonly sign: '-' | '+'; readonly operand: Expression })
  | (Node & { readonly kind: 'not'; readonly operand: Expression })
  | (Node & { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression })
  | (Node & {
      readonly kind: 'arithmetic'
      readonly operator: Arithmetic
      readonly left: Expression
      readonly right: Expression
    })
  | (Node & { readonly kind: 'joined'; readonly parts: readonly Expression[] })
  | (Node & { readonly kind: 'comparison'; readonly left: Expression; readonly steps: readonly ComparisonStep[] })
  | (Node & {
      readonly kind: 'choice'
      readonly condition: Expression
      readonly yes: Expression
      readonly no: Expression | undefined
    })
  | (Node & {
      readonly kind: 'filter'
      readonly input: Expression
      readonly filter: Filter
      readonly bound: Bound<Expression>
    })
  | (Node & {
      readonly kind: 'test'
      readonly input: Expression
      readonly test: Test
      readonly bound: Bound<Expression>
    })

/** One comparison of a chain: `a < b < c` are two. */
export interface ComparisonStep {
  readonly operator: Comparison
  readonly right: Expression
  readonly at: number
}

/** What a value is given to: one name, or as many targets as it has members. */
export type Target =
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'targets'; readonly targets: readonly Target[]; readonly at: number }

export type Statement =
  | { readonly kind: 'text'; readonly text: string }
  | Output
  | { readonly kind: 'set'; readonly target: Target; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: Body }
  | For

export type Body = readonly Statement[]

export interface Output {
  readonly kind: 'output'
  readonly value: Expression
  /** The expression as it stands in the template, for messages. */
  readonly written: string
}

export interface Branch {
  readonly condition: Expression
  readonly body: Body
}

export interface For {
  readonly kind: 'for'
  readonly at: number
  readonly target: Target
  readonly over: Expression
  /** Members for which it is false are not visited. */
  readonly condition: Expression | undefined
  readonly body: Body
  /** Where no member was visited. */
  readonly otherwise: Body
}
