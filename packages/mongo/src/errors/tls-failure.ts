/** Codes of Node and OpenSSL for a TLS connection that cannot be trusted or made. Source: Node's TLS and errors pages. */
const TLS_CODE = /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH$|EPROTO$)/

/** Whether an error, or one of its causes, is a failure of TLS itself and not of the network below it. */
export function isTlsFailure(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && TLS_CODE.test(cause.code)) return true
  }
  return false
}
