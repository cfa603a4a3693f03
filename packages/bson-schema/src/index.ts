export { BsonError, MAX_NESTING_LEVELS } from './bson-error.ts'
export { compareDecimals, compareNumbers, type NumericValue } from './compare-numbers.ts'
export {
  compareStrings,
  compareValues,
  equalValues,
  sameBracket,
  typeRank,
  utf8Length,
  type CompareOptions,
} from './compare.ts'
export { decode, decodeField, decodeValue } from './decode.ts'
export {
  decimalAbs,
  decimalAdd,
  decimalDivide,
  decimalFromDouble,
  decimalFromInteger,
  decimalFromString,
  decimalIsFinite,
  decimalIsNan,
  decimalMod,
  decimalMultiply,
  decimalNegate,
  decimalRound,
  decimalSubtract,
  decimalToDouble,
  decimalToInteger,
  type RoundingMode,
} from './decimal.ts'
export { documentSize } from './document-size.ts'
export { encode, encodeInto } from './encode.ts'
export { equalIgnoringOrder } from './equal-unordered.ts'
export { hashKey, type HashOptions } from './hash-key.ts'
export {
  absNumber,
  addNumbers,
  divideNumbers,
  exactLong,
  INT64_MAX,
  INT64_MIN,
  isFiniteNumber,
  longOverflow,
  modNumbers,
  multiplyNumbers,
  subtractNumbers,
  toDecimal,
  toDouble,
  truncated,
  wholeNumber,
  type NumericOperation,
} from './numeric.ts'
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
export { locateJson } from './json/locate-json.ts'
export { readExtendedJson, type JsonProblem, type ReadJsonOptions } from './json/read-json.ts'
export { canonicalJson, relaxedJson } from './json/write-json.ts'
export { compileSchema, type CompiledSchema } from './json-schema/compile-schema.ts'
export type { SchemaError } from './json-schema/context.ts'
export { BSON_TYPE_ALIASES, JSON_TYPES, REFUSED_KEYWORDS, SUPPORTED_KEYWORDS } from './json-schema/keywords.ts'
export { violations, type Violation } from './json-schema/violations.ts'
export { compilePcre, type CompiledPattern } from './pcre.ts'
