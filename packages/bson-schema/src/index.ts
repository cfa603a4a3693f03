export { BsonError, MAX_NESTING_LEVELS } from './bson-error.ts'
export { compareNumbers } from './compare-numbers.ts'
export {
  compareStrings,
  compareValues,
  equalValues,
  sameBracket,
  typeRank,
  utf8Length,
  type CompareOptions,
} from './compare.ts'
export { decode, decodeField } from './decode.ts'
export { documentSize, encode } from './encode.ts'
export { equalIgnoringOrder } from './equal-unordered.ts'
export { hashKey, type HashOptions } from './hash-key.ts'
export {
  isBinary,
  isCode,
  isDecimal,
  isNumeric,
  isObjectId,
  isRegex,
  isSymbol,
  isTimestamp,
  TYPE_NUMBERS,
  typeName,
  typeNameOf,
  typeNumber,
  type TypeName,
  type TypeNumber,
} from './types.ts'
export {
  BsonUndefined,
  CodeWithScope,
  DbPointer,
  Doc,
  Double,
  EMPTY_DOC,
  UNDEFINED,
  doc,
  docOf,
  double,
  integer,
  isArray,
  isDoc,
  isInt32,
  type Plain,
  type Value,
} from './value.ts'
