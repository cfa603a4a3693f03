import { isBinary } from '../types.ts'
import { isArray, type Doc, type Value } from '../value.ts'
import { BAD_VALUE, FAILED_TO_PARSE, TYPE_MISMATCH, type SchemaContext } from './context.ts'
import { statedType } from './general-rules.ts'
import { fields, type Rule, type Subject } from './node.ts'

/** Subtype of encrypted binary data, and where the blob has the type of what was encrypted. Source: field level encryption, ciphertext layout. */
const ENCRYPTED_SUBTYPE = 6
const ORIGINAL_TYPE_AT = 17
const TYPED_BLOBS: readonly (number | undefined)[] = [1, 2]
const ALGORITHMS: readonly Value[] = [
  'AEAD_AES_256_CBC_HMAC_SHA_512-Deterministic',
  'AEAD_AES_256_CBC_HMAC_SHA_512-Random',
]

/** Fields that `encrypt` and `encryptMetadata` share. */
function checkEncryption(context: SchemaContext, keyword: string, value: Doc, known: readonly string[]): void {
  for (const [key, content] of value.entries()) {
    if (!known.includes(key)) {
      context.report(FAILED_TO_PARSE, `$jsonSchema keyword '${keyword}' has an unknown field '${key}'`, keyword, key)
    } else if (key === 'algorithm' && typeof content !== 'string') {
      context.report(TYPE_MISMATCH, `'${keyword}.algorithm' must be a string`, keyword, key)
    } else if (key === 'algorithm' && !ALGORITHMS.includes(content)) {
      context.report(BAD_VALUE, `'${keyword}.algorithm' is not a known algorithm`, keyword, key)
    } else if (key === 'keyId' && typeof content !== 'string' && !(isArray(content) && content.every(isBinary))) {
      context.report(TYPE_MISMATCH, `'${keyword}.keyId' must be a JSON pointer or an array of UUIDs`, keyword, key)
    }
  }
}

export function checkEncryptMetadata(context: SchemaContext): void {
  const value = context.object('encryptMetadata')
  if (value === undefined) return
  if (value.size === 0) {
    context.report(FAILED_TO_PARSE, "$jsonSchema keyword 'encryptMetadata' cannot be empty", 'encryptMetadata')
  }
  checkEncryption(context, 'encryptMetadata', value, ['algorithm', 'keyId'])
}

export function encryptRule(context: SchemaContext): Rule | undefined {
  const value = context.object('encrypt')
  if (value === undefined) return undefined
  if (context.schema.has('type') || context.schema.has('bsonType')) {
    const text = "$jsonSchema keyword 'encrypt' cannot be used in conjunction with 'type' or 'bsonType'"
    context.report(FAILED_TO_PARSE, text, 'encrypt')
  }
  checkEncryption(context, 'encrypt', value, ['algorithm', 'bsonType', 'keyId'])
  const child = context.child(value, false, 'encrypt')
  const stated = child && value.has('bsonType') ? statedType(child) : undefined
  const problem = (subject: Subject): string | undefined => {
    if (!isBinary(subject) || subject.sub_type !== ENCRYPTED_SUBTYPE) return 'value was not encrypted'
    // A blob of another kind (a placeholder) does not say what type it has.
    if (stated === undefined || !TYPED_BLOBS.includes(subject.buffer[0])) return undefined
    const type = subject.buffer[ORIGINAL_TYPE_AT] ?? 0
    return (stated.mask & (1 << type)) === 0 ? 'encrypted value has wrong type' : undefined
  }
  return {
    matches: (subject) => subject === undefined || problem(subject) === undefined,
    explain: (subject) => {
      const reason = subject === undefined ? undefined : problem(subject)
      return reason === undefined ? undefined : fields(['operatorName', 'encrypt'], ['reason', reason])
    },
  }
}
