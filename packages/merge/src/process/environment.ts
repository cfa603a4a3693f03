import type { Problem } from '../problem.ts'
import type { Value } from '../value.ts'
import type { Declared } from './control/control.ts'

/** What the process that merges has around it. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The values of the names that a template declares; others cannot be seen by it.
 *
 * @returns With a `MERGE_ENVIRONMENT_MISSING` for each name that is not set. Set to nothing is set.
 */
export function readEnvironment(
  declared: readonly Declared[],
  environment: Environment,
): { readonly names: ReadonlyMap<string, Value>; readonly problems: readonly Problem[] } {
  const names = new Map<string, Value>()
  const problems: Problem[] = []
  for (const { name, description } of declared) {
    const value = Object.hasOwn(environment, name.text) ? environment[name.text] : undefined
    if (value !== undefined) names.set(name.text, value)
    else
      problems.push({
        code: 'MERGE_ENVIRONMENT_MISSING',
        message: `The template needs ${name.text} in the environment${description ? `: ${description.trim()}` : ''}.`,
        hint: `Set it, such as ${name.text}=value before the command.`,
        at: name.at,
      })
  }
  return { names, problems }
}
