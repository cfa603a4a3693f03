/**
 * One entry of the error catalogue. Codes are stable: never renamed, never reused.
 *
 * `docs/errors/README.md` is generated from these entries.
 */
export interface ErrorEntry {
  /** A short name of the situation, without a full stop. */
  readonly title: string
  /** Why it happens. */
  readonly cause: string
  /** What the reader should do. */
  readonly fix: string
  /** HTTP status where the service answers with it; 422 without one. */
  readonly status?: number
}
