import { Type, type Static } from 'typebox'

/** How serious a finding is: an error stops `plan` and `apply`, a warning and a notice do not. */
export const Severity = Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('notice')])
export type Severity = Static<typeof Severity>

/**
 * One finding about a configuration repository, a plan or a run: what, where, why, and what to do.
 *
 * `file` is relative to the repository, with `/` as separator; `pointer` is a JSON pointer into it;
 * `line` and `column` are 1-based, columns in UTF-16 code units. All four are absent where there is no file.
 */
export const Problem = Type.Object(
  {
    code: Type.String({ description: 'A key of the error catalogue' }),
    severity: Type.Union(Severity.anyOf, { description: 'An error stops plan and apply, the others do not' }),
    file: Type.Optional(Type.String({ description: 'Relative to the repository, with `/`' })),
    pointer: Type.Optional(Type.String({ description: 'JSON pointer into the file' })),
    line: Type.Optional(Type.Integer({ minimum: 1, description: 'From 1' })),
    column: Type.Optional(Type.Integer({ minimum: 1, description: 'From 1, in UTF-16 code units' })),
    text: Type.String({ description: 'What is wrong, naming the offending value' }),
    hint: Type.Optional(Type.String({ description: 'What to do about it' })),
  },
  { description: 'One finding: what is wrong, where, and what to do' },
)
export type Problem = Static<typeof Problem>
