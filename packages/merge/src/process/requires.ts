import type { Problem } from '../problem.ts'
import type { Context } from './context.ts'
import type { Written } from './control/control.ts'
import { lookup } from './lookup.ts'

/** What has to be there, whatever it is: nothing, an empty list or an empty text are there as well. */
export function checkRequires(requires: readonly Written[], { names, failed }: Context): readonly Problem[] {
  return requires.flatMap(({ text, at }): readonly Problem[] => {
    const found = lookup(names, text)
    if (found.ok || (found.missed.index === 0 && failed.has(found.missed.step))) return []
    return [
      {
        code: 'MERGE_REQUIREMENT_MISSING',
        message: `The template requires "${text}": ${found.missed.message}.`,
        hint: 'Add it to the specifications. Lists cannot be entered by a number.',
        at,
      },
    ]
  })
}
