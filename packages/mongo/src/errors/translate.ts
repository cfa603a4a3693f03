import type { TargetError } from '@stage0/engine'
import { BsonError } from '@stage0/bson-schema'
import { EJSON } from 'bson'
import {
  MongoAPIError,
  MongoDriverError,
  MongoError,
  MongoNetworkError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb'
import { UnsendableValueError } from '../driver-values.ts'
import type { Attempt } from './target-error.ts'
import { TargetFailure, targetError } from './target-error.ts'
import { refusalOf } from './server-refusal.ts'
import { fullStop } from './full-stop.ts'
import { isTlsFailure } from './tls-failure.ts'
import type { Redact } from '../connection/redact.ts'

/**
 * A failure of the driver or the server as a `TargetError`, or `undefined` for a defect, which the caller throws again.
 * `doing` completes the sentence "Could not ...". No text of it holds the connection string or a password, and with `hidesValues`
 * none a value of a document either.
 */
export function translate(cause: unknown, doing: string, redact: Redact, hidesValues = false): TargetError | undefined {
  if (cause instanceof TargetFailure) return cause.error
  const sentence = (reason: string): string => `Could not ${doing}: ${redact(reason)}`
  if (cause instanceof UnsendableValueError) {
    return targetError('refused', 'VALUE_NOT_SENDABLE', sentence(fullStop(cause.message)))
  }
  if (cause instanceof BsonError) return targetError('refused', 'TARGET_REFUSED', sentence(fullStop(cause.message)))
  if (isAbort(cause)) return targetError('stopped', 'TARGET_STOPPED', sentence('it was stopped.'))
  if (cause instanceof MongoServerSelectionError) return unreachable(cause, sentence)
  if (cause instanceof MongoServerError) return withoutSecrets(refusalOf(cause, sentence, hidesValues), redact)
  if (cause instanceof MongoNetworkError) return lost(cause, sentence)
  if (cause instanceof MongoOperationTimeoutError || isTimeout(cause)) {
    return targetError('unreachable', 'TARGET_TIME_LIMIT', sentence('the server did not answer in time.'))
  }
  // What the driver refuses by itself: a closed client, an argument of a wrong type, a reply it does not understand.
  if (cause instanceof MongoDriverError || cause instanceof MongoAPIError || cause instanceof MongoError) {
    return targetError('refused', 'TARGET_REFUSED', sentence(fullStop(cause.message)))
  }
  return undefined
}

/** `attempt` for one connection: failures that are foreseen become results, defects are thrown again. */
export const attemptWith =
  (redact: Redact, hidesValues = false): Attempt =>
  async (doing, work) => {
    try {
      return { ok: true, value: await work() }
    } catch (cause) {
      const error = translate(cause, doing, redact, hidesValues)
      if (error === undefined) throw cause
      return { ok: false, error }
    }
  }

function unreachable(cause: MongoServerSelectionError, sentence: (reason: string) => string): TargetError {
  const causes = [...(cause.reason?.servers.values() ?? [])].flatMap((server) => server.error ?? [])
  const hosts = [...(cause.reason?.servers.keys() ?? [])].join(', ')
  const reason = causes[0]?.message ?? cause.message
  const at = hosts === '' ? '' : ` at ${hosts}`
  return causes.some(isTlsFailure)
    ? targetError('unreachable', 'TARGET_TLS_FAILED', sentence(fullStop(`no trusted TLS connection${at}: ${reason}`)))
    : targetError('unreachable', 'TARGET_UNREACHABLE', sentence(fullStop(`no server answered${at}: ${reason}`)))
}

function lost(cause: MongoNetworkError, sentence: (reason: string) => string): TargetError {
  if (isTlsFailure(cause)) return targetError('unreachable', 'TARGET_TLS_FAILED', sentence(fullStop(cause.message)))
  const reason = `the connection broke before the answer (${cause.message}); whether it took effect is not known.`
  return targetError('unreachable', 'TARGET_CONNECTION_LOST', sentence(reason))
}

const isAbort = (cause: unknown): boolean => cause instanceof Error && cause.name === 'AbortError'
/** The reason of `AbortSignal.timeout`. */
const isTimeout = (cause: unknown): boolean => cause instanceof Error && cause.name === 'TimeoutError'

/** Details come from the server, which echoes what it was sent. */
function withoutSecrets(error: TargetError, redact: Redact): TargetError {
  if (error.detail === undefined) return error
  return { ...error, detail: JSON.parse(redact(EJSON.stringify(error.detail))) as unknown }
}
