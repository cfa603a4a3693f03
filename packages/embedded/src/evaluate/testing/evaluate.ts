import { compileExpression, rootScope } from '../expression/compile.ts'
import type { EvaluationContext } from '../contract.ts'
import { testContext } from './context.ts'
import { canonical, json, jsonDoc } from './json.ts'

/** The canonical text of an expression's value on a document. */
export const evaluate = (expression: string, document = '{}', changes: Partial<EvaluationContext> = {}): string =>
  canonical(compileExpression(json(expression), rootScope(testContext(changes)))(jsonDoc(document)))

/** The canonical text of an expectation; "missing" stands for a missing value. */
export const wanted = (text: string): string => (text === 'missing' ? text : canonical(json(text)))
