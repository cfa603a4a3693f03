import { fail, ok, type Result } from '../problem.ts'
import type { Value } from '../value.ts'
import type { OnGap } from './gap.ts'
import { Refused } from './refused.ts'
import { render } from './render.ts'
import { Source } from './source.ts'
import { lateNames } from './syntax/late-names.ts'
import { parseTemplate } from './syntax/parse-template.ts'

/** A template that was read; it may be rendered any number of times. */
export interface Template {
  /**
   * The text of the template with these names. One problem where it fails, with the place of the part of the expression that
   * failed.
   *
   * @param onGap Told where an expression prints nothing because what it asks for is not there.
   */
  render(names: ReadonlyMap<string, Value>, onGap?: OnGap): Result<string>
}

/**
 * Reads a template.
 *
 * @param file How the file is called in problems.
 * @returns One problem, `TEMPLATE_NOT_PARSABLE` or `TEMPLATE_UNSUPPORTED`, with its place where the text is no template of this
 * language.
 */
export function compile(text: string, file: string): Result<Template> {
  const source = new Source(text, file)
  const body = guarded(source, () => parseTemplate(source))
  if (!body.ok) return body
  const late = lateNames(body.value)
  return ok({ render: (names, onGap) => guarded(source, () => render(body.value, late, names, onGap)) })
}

function guarded<T>(source: Source, act: () => T): Result<T> {
  try {
    return ok(act())
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown
    const { code, message, hint, at = 0 } = thrown
    return fail({ code, message: sentence(message), at: source.placeOf(at), ...(hint === undefined ? {} : { hint }) })
  }
}

const sentence = (text: string): string =>
  text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith('.') ? '' : '.')
