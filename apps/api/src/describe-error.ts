import { stdSerializers } from 'pino'

/** Deeper than anything that a person would read in a log line. */
const MAX_DEPTH = 8

/**
 * What a log line tells of an error, without secrets: errors that nobody foresaw may quote a connection string in their message, their
 * stack, their causes, or properties of their own.
 *
 * @param redact Removes secrets from a text.
 */
export function describeError(redact: (text: string) => string): (error: unknown) => unknown {
  const clean = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return redact(value)
    if (typeof value !== 'object' || value === null) return value
    if (depth > MAX_DEPTH) return '...'
    if (Array.isArray(value)) return value.map((each) => clean(each, depth + 1))
    // As JSON would have it: an address is an object that becomes a text.
    if ('toJSON' in value && typeof value.toJSON === 'function') return clean(value.toJSON(), depth + 1)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, clean(each, depth + 1)]))
  }
  return (error) => clean(error instanceof Error ? stdSerializers.errWithCause(error) : error, 0)
}
