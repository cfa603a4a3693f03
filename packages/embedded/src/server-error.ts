import type { Doc } from '@stage0/bson-schema'

/** Error codes of MongoDB that are used here, with their names. Source: the server's published error code list. */
export const CODE_NAMES: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  112: 'WriteConflict',
  115: 'CommandNotSupported',
  121: 'DocumentValidationFailure',
  168: 'InvalidPipelineOperator',
  197: 'InvalidIndexSpecificationOption',
  11000: 'DuplicateKey',
  10334: 'BSONObjectTooLarge',
}

/** A failure that the client sees as `{ok: 0, code, codeName, errmsg}` or as a write error. */
export class ServerError extends Error {
  readonly code: number
  readonly codeName: string
  /** Further fields of the reply: keyPattern, keyValue, errInfo ... */
  readonly extra: Doc | undefined
  constructor(code: number, message: string, extra?: Doc) {
    super(message)
    this.code = code
    this.codeName = CODE_NAMES[code] ?? `Location${code}`
    this.extra = extra
  }
}
