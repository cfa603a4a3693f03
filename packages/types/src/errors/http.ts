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
  AUTH_NEEDED: {
    title: 'Not without a sign-in',
    cause:
      '`API_HOST`, or `SPA_HOST` of a console on its own, is an address that others can reach, and `AUTH_MODE=none` lets everybody who reaches the service do everything.',
    fix: 'Listen on 127.0.0.1, or set `AUTH_NONE_ANYWHERE=true` where something else keeps others away, as in a container.',
  },
  AUTH_MODE_UNSUPPORTED: {
    title: 'This way of signing in is not there yet',
    cause: '`AUTH_MODE` names a way that this version of the service does not know.',
    fix: 'Set `AUTH_MODE=none` and listen on 127.0.0.1.',
  },
  HOST_NOT_ALLOWED: {
    title: 'The service is not called by this name',
    cause:
      'The header `Host` is neither `localhost`, nor an address in numbers, nor one of `API_ALLOWED_HOSTS`: a foreign page may have made its name point here.',
    fix: 'Use the address that the service printed, or add the name to `API_ALLOWED_HOSTS`.',
    status: 403,
  },
  CROSS_SITE_REFUSED: {
    title: 'Sent by a page of another origin',
    cause: 'The headers `Origin` or `Sec-Fetch-Site` tell that a foreign page sent the request.',
    fix: 'Use the console of this service, or add the origin to `API_ALLOWED_ORIGINS`.',
    status: 403,
  },
  METHOD_NOT_ALLOWED: {
    title: 'The address does not take this method',
    cause: 'There is a resource at this path, but nothing that could be done with it this way.',
    fix: 'Use one of the methods of the header `Allow`.',
    status: 405,
  },
  BODY_TOO_LARGE: {
    title: 'The body of the request is too large',
    cause: 'It is larger than the route takes; a file may have as many MiB as `MAX_FILE_MB` says.',
    fix: 'Send less at once.',
    status: 413,
  },
  MEDIA_TYPE_UNSUPPORTED: {
    title: 'The body is of a type that is not taken here',
    cause:
      'The header `Content-Type` names another type than the route takes, or none, or `Content-Encoding` says that the body is packed.',
    fix: 'Send JSON with `Content-Type: application/json`, as it is.',
    status: 415,
  },
  REQUEST_TIMEOUT: {
    title: 'The request did not arrive in time',
    cause: 'Its headers or its body came too slowly.',
    fix: 'Send it again over a better connection.',
    status: 408,
  },
  HEADERS_TOO_LARGE: {
    title: 'The headers of the request are too large',
    cause: 'Address and headers together are larger than the service takes.',
    fix: 'Send fewer or shorter headers.',
    status: 431,
  },
  TOO_MANY_REQUESTS: {
    title: 'Too many requests',
    cause: 'One client asked more often, or holds more connections, than the service bears.',
    fix: 'Wait as long as the header `Retry-After` says.',
    status: 429,
  },
  SERVICE_DEFECT: {
    title: 'A defect of the service',
    cause: 'Something happened that the service did not foresee; its log tells more under the id of the request.',
    fix: 'Please report it, with the lines of the log.',
    status: 500,
  },
  SERVICE_BUSY: {
    title: 'The service cannot answer now',
    cause: 'It is ending, or what it needs did not answer in time.',
    fix: 'Try again a little later.',
    status: 503,
  },
  API_UNREACHABLE: {
    title: 'The console does not reach the API',
    cause: 'The console is served on its own and hands requests on to `API_URL`, where nothing answered as it should.',
    fix: 'Start the API, or correct `API_URL`; the log of the console says why. A certificate of your own authority needs `NODE_EXTRA_CA_CERTS`, and a proxy between the two must let long requests and event streams through.',
    status: 502,
  },
  CHECK_TOOK_TOO_LONG: {
    title: 'The check of the repository took too long',
    cause:
      'Something in the repository, mostly a pattern that backtracks for ever such as `^(a+)+$`, cannot be judged in time.',
    fix: 'Simplify the patterns that were changed last, or remove the values that they are checked against.',
    status: 503,
  },
  ERROR_CODE_UNKNOWN: {
    title: 'No such error code',
    cause: 'The catalogue of errors has no entry of that name.',
    fix: 'See `docs/errors/README.md` for every code.',
    status: 404,
  },
  FILE_NOT_FOUND: {
    title: 'No such file in the repository',
    cause: 'The folder of this kind holds no file of that name; names are compared exactly, with their extension.',
    fix: 'Read the list of the kind for the names that there are.',
    status: 404,
  },
  FILE_BROKEN: {
    title: 'The file cannot be shown in this form',
    cause: 'It cannot be read as what it should be; `problems` say where and why.',
    fix: 'Ask for its text with `Accept: text/plain`, and correct the file.',
    status: 422,
  },
  SCHEMA_NOT_RENDERED: {
    title: 'The schema cannot be rendered',
    cause: 'A file that it is made of is missing or has errors; `problems` say where and why.',
    fix: 'Correct the files; `GET /api/problems` tells everything that is wrong.',
    status: 422,
  },
  NOT_ACCEPTABLE: {
    title: 'There is no such form of the answer',
    cause: 'The header `Accept` takes none of the forms in which the resource can be sent.',
    fix: 'Ask for one of the types that `/docs` lists for the route, or leave the header out.',
    status: 406,
  },
  // Plans and runs
  REPOSITORY_INVALID: {
    title: 'The repository has errors',
    cause: 'Nothing is planned or applied from a repository that has an error anywhere.',
    fix: 'Correct what the problems name; `stage0 check` and `/api/problems` list them.',
    status: 422,
  },
  PLAN_UNKNOWN: {
    title: 'No such plan',
    cause: 'Plans are kept for a while, for a review; this one was forgotten, or there never was one.',
    fix: 'Plan again: the same repository and database give the same plan with the same hash.',
    status: 404,
  },
  RUN_UNKNOWN: {
    title: 'No such run',
    cause: 'The database has no record of a run of this id. A run that found nothing to do is not recorded.',
    fix: 'See `/api/runs` for those that are recorded.',
    status: 404,
  },
  RUN_ENDED: {
    title: 'The run is no longer at work',
    cause: 'It has ended, or its process is gone, so there is nothing left to cancel.',
    fix: 'Nothing needs to be done. An interrupted run is finished by the next one.',
    status: 409,
  },
  IDEMPOTENCY_KEY_MISUSED: {
    title: 'The key belongs to another request',
    cause: 'A request with the same `Idempotency-Key` and another content was made before.',
    fix: 'Use a new key for each request that is meant anew, and the same key only to repeat one.',
    status: 422,
  },
  ENUMERATION_UNKNOWN: {
    title: 'No such enumeration',
    cause: 'No enumerators file of the repository has an enumeration of that name, and no property uses it.',
    fix: 'See `GET /api/enumerations` for the names that there are.',
    status: 404,
  },
} as const satisfies Record<string, ErrorEntry>
