import { compile, type Template } from '../language/compile.ts'
import type { OnGap } from '../language/gap.ts'
import { fail, ok, type Problem, type Result } from '../problem.ts'
import type { Written } from './control/control.ts'
import type { Names } from './lookup.ts'

/** A text of the control file that is a template itself. */
export interface WrittenTemplate {
  /**
   * Problems stand where the text stands, and begin with `what`.
   *
   * @param environment Names whose values may be secret. Those that the text sees are among `names`.
   * @param onGap       Told where an expression prints nothing because what it asks for is not there.
   */
  render(names: Names, environment: Names, onGap?: OnGap): Result<Rendered>
}

/** What came out of a text of the control file. */
export interface Rendered {
  readonly text: string
  /** For messages: as it was written, where a value of the environment is in it. */
  readonly shown: string
  /** Whether one is. Nothing of the text may be told then. */
  readonly isPrivate: boolean
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
  return ok({
    render: (names, environment, onGap) => {
      const isPrivate = seesEnvironment(written.text, names, environment)
      const text = template.value.render(names, onGap)
      if (text.ok) return ok({ text: text.value, shown: isPrivate ? written.text : text.value, isPrivate })
      return fail(...text.problems.map((problem) => here(isPrivate ? withoutValues(problem, written) : problem)))
    },
  })
}

/** A name that stands in the text counts as read. What is hidden without need does no harm. */
const seesEnvironment = (text: string, names: Names, environment: Names): boolean =>
  environment.size > 0 && [...environment].some(([name, value]) => names.get(name) === value && text.includes(name))

/** What fails may say what it failed at. */
const withoutValues = ({ code }: Problem, { text }: Written): Problem => ({
  code,
  message: `"${text}" cannot be rendered with these values of the environment.`,
  hint: 'Each of them is a text. They are not shown, since they may be secret.',
})
