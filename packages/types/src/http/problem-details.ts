import { Type, type Static } from 'typebox'
import { Problem } from '../problem.ts'
import { LockView } from './runs.ts'

/** RFC 9457, the body of every answer of 400 and above (`application/problem+json`). */
export const ProblemDetails = Type.Object(
  {
    type: Type.String({ description: 'Address of the documentation of the code' }),
    title: Type.String({ description: 'What the code is, in a few words' }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'Of the answer' }),
    detail: Type.Optional(
      Type.String({ description: 'What happened this time; absent where it would tell internals' }),
    ),
    instance: Type.String({ description: 'The request: leads to the log' }),
    code: Type.String({ description: 'A key of the error catalogue' }),
    fix: Type.Optional(Type.String({ description: 'What to do about it' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.String({ description: 'Into the request' }),
          text: Type.String({ description: 'What is wrong there' }),
        }),
        {
          description: 'What is wrong in the request, with JSON pointers into it',
        },
      ),
    ),
    problems: Type.Optional(Type.Array(Problem, { description: 'What speaks against it in repository or plan' })),
    holder: Type.Optional(LockView),
    error: Type.String({ description: 'The text once more, for clients of the first implementation' }),
  },
  { $id: 'ProblemDetails', description: 'Every answer of 400 and above: RFC 9457' },
)
export type ProblemDetails = Static<typeof ProblemDetails>
