import type { Expression } from './tree.ts'

/** Tells of each name that an expression reads. */
export function namesIn(expression: Expression, tell: (name: string) => void): void {
  if (expression.kind === 'name') tell(expression.name)
  for (const part of partsOf(expression)) namesIn(part, tell)
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'name':
      return []
    case 'attribute':
      return [expression.of]
    case 'item':
      return [expression.of, expression.key]
    case 'list':
    case 'tuple':
      return expression.items
    case 'mapping':
      return expression.entries.flat()
    case 'sign':
    case 'not':
      return [expression.operand]
    case 'and':
    case 'or':
    case 'arithmetic':
      return [expression.left, expression.right]
    case 'joined':
      return expression.parts
    case 'comparison':
      return [expression.left, ...expression.steps.map(({ right }) => right)]
    case 'choice':
      return [expression.condition, expression.yes, ...(expression.no === undefined ? [] : [expression.no])]
    case 'filter':
    case 'test': {
      const { slots, rest } = expression.bound
      return [expression.input, ...slots.filter((slot) => slot !== undefined), ...rest]
    }
  }
}
