import type { Problem } from '../../problem.ts'
import type { Value } from '../../value.ts'
import { compile } from '../compile.ts'

/** The text that a template gives. Throws where it has a problem, with that in the message. */
export function rendered(template: string, names: Readonly<Record<string, Value>> = {}): string {
  const result = renderingOf(template, names)
  if ('text' in result) return result.text
  throw new Error(`${template}: ${result.problem.message}`)
}

/** The problem of a template. Throws where it has none. */
export function problemOf(template: string, names: Readonly<Record<string, Value>> = {}): Problem {
  const result = renderingOf(template, names)
  if ('problem' in result) return result.problem
  throw new Error(`${template}: no problem, and the text ${result.text}`)
}

/** The text or the one problem of a template in the file `page`. */
export function renderingOf(
  template: string,
  names: Readonly<Record<string, Value>>,
): { readonly text: string } | { readonly problem: Problem } {
  const compiled = compile(template, 'page')
  const result = compiled.ok ? compiled.value.render(new Map(Object.entries(names))) : compiled
  if (result.ok) return { text: result.value }
  const [problem] = result.problems
  if (problem === undefined || result.problems.length > 1) throw new Error(`${template}: not one problem`)
  return { problem }
}
