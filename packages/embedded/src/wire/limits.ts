/** Limits that the handshake tells the client. Source: the manual's page on limits. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
export const MAX_MESSAGE_BYTES = 48_000_000
export const MAX_WRITE_BATCH = 100_000
/** Nesting levels of a stored document. */
export const MAX_NESTING = 100
/** Nesting levels of a message: a stored document, and what a command wraps around it. */
export const MAX_MESSAGE_NESTING = 200
/** Wire versions of MongoDB 7.0. */
export const MIN_WIRE_VERSION = 0
export const MAX_WIRE_VERSION = 21
