import { ServerError } from '../../server-error.ts'

/** The code of the `ServerError` that `act` throws; `undefined` where it throws none. Other errors pass through. */
export function codeOf(act: () => unknown): number | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof ServerError) return error.code
    throw error
  }
}
