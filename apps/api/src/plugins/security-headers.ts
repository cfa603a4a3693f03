import plugin from 'fastify-plugin'

/** Icons of the explorer are `data:` addresses in its style sheet; everything else comes from the service itself, nothing is inline. */
const POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "object-src 'none'",
  "script-src-attr 'none'",
].join('; ')

/**
 * What keeps a browser from doing what neither console nor explorer needs. Nothing here demands TLS: the service is mostly at
 * `http://localhost`, and what speaks TLS for it elsewhere says so itself.
 */
const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  // For browsers that do not know frame-ancestors.
  'x-frame-options': 'DENY',
} as const

export const securityHeaders = plugin(async (app) => {
  app.addHook('onRequest', async (_request, reply) => void reply.headers(HEADERS))
})
