import type { TargetError } from '@stage0/engine'
import { targetError } from '../errors/target-error.ts'

/** The effective TLS options of a connection, after the driver has read the connection string. */
export interface EffectiveTls {
  readonly hosts: readonly string[]
  /** Host of a mongodb+srv:// string: never loopback. */
  readonly srvHost: string | undefined
  readonly tls: boolean
  /** False with tlsInsecure, tlsAllowInvalidCertificates or tlsAllowInvalidHostnames. */
  readonly verified: boolean
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|.*\.sock)$/i

/** Whether every host is this machine itself. Source: RFC 5735 (127.0.0.0/8), RFC 4291 (::1). */
const isLoopback = (target: Pick<EffectiveTls, 'hosts' | 'srvHost'>): boolean =>
  target.srvHost === undefined && target.hosts.length > 0 && target.hosts.every((host) => LOOPBACK.test(host))

/**
 * The rule of `MONGODB_REQUIRE_TLS`: what counts is the TLS that the connection will really have, not the scheme of the
 * connection string. Not required for this machine itself.
 */
export function tlsProblem(target: EffectiveTls, required: boolean): TargetError | undefined {
  if (!required || isLoopback(target)) return undefined
  if (!target.tls)
    return targetError('refused', 'TLS_REQUIRED', 'The connection would not be encrypted, and TLS is required.')
  if (target.verified) return undefined
  const message = 'The connection would be encrypted, but the certificate or the host name would not be checked.'
  return targetError('refused', 'TLS_NOT_VERIFIED', message)
}
