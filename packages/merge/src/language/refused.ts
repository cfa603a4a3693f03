import type { MergeCode } from '../problem.ts'

type TemplateCode = Extract<MergeCode, 'TEMPLATE_NOT_PARSABLE' | 'TEMPLATE_UNSUPPORTED' | 'TEMPLATE_RENDER_FAILED'>

/**
 * What stops the reading or the rendering of one template. It is thrown inside of this folder, where the cause is found deep in
 * an expression, and becomes a `Problem` at its border.
 */
export class Refused extends Error {
  readonly code: TemplateCode
  readonly hint: string | undefined
  /** Where, as an offset in the template; whoever evaluates adds it where the cause does not know. */
  readonly at: number | undefined

  constructor(code: TemplateCode, message: string, hint?: string, at?: number) {
    super(message)
    this.code = code
    this.hint = hint
    this.at = at
  }
}

export const notParsable = (at: number, message: string, hint?: string): Refused =>
  new Refused('TEMPLATE_NOT_PARSABLE', message, hint, at)

/** What the first language has and this one does not; the hint says what to do instead. */
export const unsupported = (at: number | undefined, message: string, hint: string): Refused =>
  new Refused('TEMPLATE_UNSUPPORTED', message, hint, at)

/** A failure while rendering; without a place it is that of the expression at work. */
export const failed = (message: string, hint?: string, at?: number): Refused =>
  new Refused('TEMPLATE_RENDER_FAILED', message, hint, at)
