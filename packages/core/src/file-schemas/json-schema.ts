/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A schema of JSON Schema draft 7, the draft that editors know best. Keywords only, in the order in which they are printed. */
export type JsonSchema = { readonly [keyword: string]: Json }

/** What an editor shows at a property: what it is for, and values to choose from. */
const described = (description: string, schema: JsonSchema, examples: readonly Json[]): JsonSchema => ({
  description,
  ...schema,
  examples,
})

/** A plain name of a file in its folder, as `isPlainFileName` takes it. The length is counted in code points here. */
export const PLAIN_NAME = '^(?!\\.{1,2}$)[^/\\\\\\u0000-\\u001f\\u007f-\\u009f]{1,200}$'

/** A text for people, which may be left empty. */
export const displayText = (description: string, ...examples: readonly string[]): JsonSchema =>
  described(description, { type: ['string', 'null'] }, examples)

/** A text that must be there where the attribute is needed. */
export const neededText = (description: string, ...examples: readonly string[]): JsonSchema =>
  described(description, { type: 'string', minLength: 1 }, examples)

/** The name of a file or of a custom type. */
export const fileName = (description: string, ...examples: readonly string[]): JsonSchema =>
  described(description, { type: 'string', pattern: PLAIN_NAME }, examples)

/** True or false; an attribute without a value counts as absent. */
export const flag = (description: string, isDefault = false): JsonSchema =>
  described(description, { type: ['boolean', 'null'], default: isDefault }, [!isDefault])

/** The greatest int of BSON, which counts and numbers of enumerators must fit into. */
export const INT_MAX = 2 ** 31 - 1

/** A whole number from 0 on; an attribute without a value counts as absent. */
export const count = (description: string, ...examples: readonly number[]): JsonSchema =>
  described(description, { type: ['integer', 'null'], minimum: 0, maximum: INT_MAX }, examples)

/** A list; an attribute without a value is an empty one. */
export const list = (description: string, items: JsonSchema, ...examples: readonly Json[]): JsonSchema =>
  described(description, { type: ['array', 'null'], items }, examples)

/** One of some words, each with what it means. */
export const choice = (
  description: string,
  words: Readonly<Record<string, string>>,
  fallback?: string,
): JsonSchema => ({
  ...described(description, wordsOf(words), [Object.keys(words)[0] ?? '']),
  ...(fallback === undefined ? {} : { default: fallback }),
})

/** The words of a choice; `enumDescriptions` is what editors show beside each of them. */
export const wordsOf = (words: Readonly<Record<string, string>>): JsonSchema => ({
  enum: Object.keys(words),
  enumDescriptions: Object.values(words),
})

/** A property of any other form. */
export const property = described

/** A mapping that has these attributes and no others. */
export const closed = (
  properties: Readonly<Record<string, JsonSchema | true>>,
  required: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
})

export const ref = (definition: string): JsonSchema => ({ $ref: `#/definitions/${definition}` })

/** What every file begins with. */
export const ENVELOPE: Readonly<Record<string, JsonSchema>> = {
  file_name: displayText(
    'The name of the file, as the first implementation writes it. It has no effect: the name that the file really has counts.',
    'user.yaml',
  ),
  _locked: flag('Whether the file is locked against changes by console and service.'),
}
