import { compile, type Template } from '../language/compile.ts'
import { fail, type Problem, type Result } from '../problem.ts'
import type { Written } from './control/control.ts'
import type { Names } from './lookup.ts'

/** A text of the control file that is a template itself. */
export interface WrittenTemplate {
  /** Problems stand where the text stands, and begin with `what`. */
  render(names: Names): Result<string>
}

/**
 * @param what What the text is, for problems: `"output" of ./x.template`.
 * @returns `TEMPLATE_NOT_PARSABLE` or `TEMPLATE_UNSUPPORTED`, at the place of the text in the control file.
 */
export function compileWritten(written: Written, what: string): Result<WrittenTemplate> {
  const here = (problem: Problem): Problem => ({
    ...problem,
    message: `In ${what}: ${problem.message}`,
    at: written.at,
  })
  const template: Result<Template> = compile(written.text, written.at.file)
  if (!template.ok) return fail(...template.problems.map(here))
  return {
    ok: true,
    value: {
      render: (names) => {
        const text = template.value.render(names)
        return text.ok ? text : fail(...text.problems.map(here))
      },
    },
  }
}
