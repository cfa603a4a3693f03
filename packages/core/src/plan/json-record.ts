/** An object of a JSON text that nobody vouches for. */
export type JsonRecord = Readonly<Record<string, unknown>>

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** "" where it is no text. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
