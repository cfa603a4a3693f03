export type DataFolderCode =
  | 'EMBEDDED_DATA_IN_USE'
  | 'EMBEDDED_DATA_FOREIGN'
  | 'EMBEDDED_DATA_NEWER'
  | 'EMBEDDED_DATA_UNREADABLE'
  | 'EMBEDDED_DATA_DAMAGED'
  | 'EMBEDDED_DATA_TOO_LARGE'

/** A data folder that the server cannot take. Nothing in it was changed. The message is one sentence for people. */
export class DataFolderError extends Error {
  readonly code: DataFolderCode

  constructor(code: DataFolderCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** What the file system refuses becomes `EMBEDDED_DATA_UNREADABLE`; any other error stays as it is. */
export function asDataFolderError(folder: string, error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error
  return new DataFolderError(
    'EMBEDDED_DATA_UNREADABLE',
    `The data folder ${folder} cannot be used: ${error.message}.`,
    { cause: error },
  )
}
