import type { TargetError } from '@stage0/engine'
import type { ErrorCode } from '@stage0/types'
import { EJSON } from 'bson'
import type { MongoServerError } from 'mongodb'
import { targetError } from './target-error.ts'
import { violationsOf, violationText } from './violations.ts'

/** Error codes of MongoDB that mean something of their own here. Source: the manual's page of error codes. */
const UNAUTHORIZED = 13
const DUPLICATE_KEY = 11000
const DOCUMENT_VALIDATION_FAILURE = 121
const VIOLATIONS_IN_MESSAGE = 3

type Kind = readonly [kind: TargetError['kind'], code: ErrorCode]
const KINDS: Readonly<Record<number, Kind>> = {
  18: ['not-permitted', 'TARGET_AUTHENTICATION_FAILED'],
  8000: ['not-permitted', 'TARGET_AUTHENTICATION_FAILED'], // AtlasError: Atlas says "bad auth" with it
  85: ['refused', 'INDEX_CONFLICT'],
  86: ['refused', 'INDEX_CONFLICT'],
  67: ['refused', 'INDEX_REFUSED'],
  197: ['refused', 'INDEX_REFUSED'],
  24: ['refused', 'TARGET_TIME_LIMIT'], // LockTimeout
  50: ['refused', 'TARGET_TIME_LIMIT'], // MaxTimeMSExpired
  262: ['refused', 'TARGET_TIME_LIMIT'], // ExceededTimeLimit
  64: ['refused', 'TARGET_NOT_DURABLE'], // WriteConcernTimeout
  79: ['refused', 'TARGET_NOT_DURABLE'], // UnknownReplWriteConcern
  100: ['refused', 'TARGET_NOT_DURABLE'], // UnsatisfiableWriteConcern
  91: ['unreachable', 'TARGET_CONNECTION_LOST'], // ShutdownInProgress
  189: ['unreachable', 'TARGET_CONNECTION_LOST'], // PrimarySteppedDown
  10107: ['unreachable', 'TARGET_CONNECTION_LOST'], // NotWritablePrimary
  11600: ['unreachable', 'TARGET_CONNECTION_LOST'], // InterruptedAtShutdown
  11602: ['unreachable', 'TARGET_CONNECTION_LOST'], // InterruptedDueToReplStateChange
  13435: ['unreachable', 'TARGET_CONNECTION_LOST'], // NotPrimaryNoSecondaryOk
}

/** Why something is not told. */
export const VALUES_HIDDEN = 'values are not shown: EVIDENCE_SAMPLES is 0'

/** What the server refused, in words; with `hidesValues` without what documents hold, which the server's own words may repeat. */
export function refusalOf(
  cause: MongoServerError,
  sentence: (reason: string) => string,
  hidesValues = false,
): TargetError {
  const server = serverCodes(cause)
  if (cause.code === DUPLICATE_KEY) return duplicate(cause, sentence, server, hidesValues)
  if (cause.code === DOCUMENT_VALIDATION_FAILURE) return invalid(cause, sentence, server, hidesValues)
  if (cause.code === UNAUTHORIZED) {
    return targetError('not-permitted', 'TARGET_NOT_PERMITTED', sentence(permission(cause.message)), server)
  }
  const known = KINDS[Number(cause.code)]
  if (known === undefined && hidesValues) {
    const reason = `the server refused it (${nameOf(cause)}; ${VALUES_HIDDEN}).`
    return targetError('refused', 'TARGET_REFUSED', sentence(reason), server)
  }
  const [kind, code] = known ?? (['refused', 'TARGET_REFUSED'] as const)
  return targetError(kind, code, sentence(`the server said "${cause.message}" (${nameOf(cause)}).`), server)
}

/** The server's own code and its name, as far as it told them. */
export function serverCodes(cause: MongoServerError): Pick<TargetError, 'serverCode' | 'serverCodeName'> {
  return {
    ...(typeof cause.code === 'number' ? { serverCode: cause.code } : {}),
    ...(typeof cause.codeName === 'string' ? { serverCodeName: cause.codeName } : {}),
  }
}

const nameOf = (cause: MongoServerError): string =>
  typeof cause.codeName === 'string' ? `${String(cause.code)} ${cause.codeName}` : `error ${String(cause.code)}`

type Server = ReturnType<typeof serverCodes>

function duplicate(
  cause: MongoServerError,
  sentence: (reason: string) => string,
  server: Server,
  hidesValues: boolean,
): TargetError {
  const { keyPattern, keyValue } = cause as { keyPattern?: unknown; keyValue?: unknown }
  const index = /index: (\S+) dup key/.exec(cause.message)?.[1]
  const which = `the unique index${index === undefined ? '' : ` "${index}"`} allows a value once`
  if (hidesValues) {
    const detail = { index, keyPattern }
    return targetError('refused', 'DUPLICATE_KEY', sentence(`${which} (${VALUES_HIDDEN}).`), { ...server, detail })
  }
  const reason = `${which}${keyValue === undefined ? '' : `: ${EJSON.stringify(keyValue)}`}.`
  return targetError('refused', 'DUPLICATE_KEY', sentence(reason), {
    ...server,
    detail: { index, keyPattern, keyValue },
  })
}

function invalid(
  cause: MongoServerError,
  sentence: (reason: string) => string,
  server: Server,
  hidesValues: boolean,
): TargetError {
  const errInfo = (cause as { errInfo?: { failingDocumentId?: unknown } }).errInfo
  const violations = violationsOf(errInfo)
  if (hidesValues) {
    const reason = `a document does not match the validator (${VALUES_HIDDEN}).`
    return targetError('refused', 'DOCUMENT_INVALID', sentence(reason), server)
  }
  const id = errInfo?.failingDocumentId
  const which = id === undefined ? 'a document' : `the document with _id ${EJSON.stringify(id)}`
  const shown = violations.slice(0, VIOLATIONS_IN_MESSAGE).map(violationText)
  const more = violations.length > shown.length ? `; and ${violations.length - shown.length} more` : ''
  const why = shown.length === 0 ? '' : `: ${shown.join('; ')}${more}`
  const reason = `${which} does not match the validator${why}.`
  return targetError('refused', 'DOCUMENT_INVALID', sentence(reason), {
    ...server,
    detail: { documentId: id, violations },
  })
}

/** The server's text goes on with the whole command, data included: only its name is kept. */
function permission(message: string): string {
  const parts = /not authorized on (\S+) to execute command \{ (\w+):/.exec(message)
  if (parts === null) return 'the connected user may not do this.'
  return `the connected user may not run "${parts[2]}" on database "${parts[1]}".`
}
