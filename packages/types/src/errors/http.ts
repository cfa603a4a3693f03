import type { ErrorEntry } from './entry.ts'

/** Failures of the HTTP service; `status` is the HTTP status of the answer. */
export const HTTP_ERRORS = {
  REQUEST_INVALID: {
    title: 'The request is not as the contract says',
    cause: 'A parameter, a header or the body is malformed, missing, unknown or out of bounds; `errors` names each.',
    fix: 'Correct the request; `/docs` describes every route.',
    status: 400,
  },
  ROUTE_UNKNOWN: {
    title: 'No such address',
    cause: 'There is no resource of the service at this path.',
    fix: 'See `/docs` for every route.',
    status: 404,
  },
} as const satisfies Record<string, ErrorEntry>
