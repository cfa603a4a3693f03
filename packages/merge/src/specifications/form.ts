/** What a value of a specification may be: the part of JSON Schema that the published schemas use, and nothing else. */
export type Form = MappingForm | ListForm | TextForm | IntegerForm | BooleanForm

interface Described {
  readonly description: string
}

/** A mapping that has these members and no others. */
export interface MappingForm extends Described {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, Form>>
  readonly required?: readonly string[]
  readonly additionalProperties: false
}

export interface ListForm extends Described {
  readonly type: 'array'
  readonly items: Form
}

export interface TextForm extends Described {
  readonly type: 'string'
  readonly pattern?: string
  /** In code points. */
  readonly maxLength?: number
  readonly enum?: readonly string[]
  readonly const?: string
  readonly examples?: readonly string[]
}

export interface IntegerForm extends Described {
  readonly type: 'integer'
  readonly minimum: number
  readonly maximum: number
  readonly examples?: readonly number[]
}

export interface BooleanForm extends Described {
  readonly type: 'boolean'
}

/** The patterns of the two kinds of text that the documents are made of, each with what it asks for. */
export const PATTERNS: Readonly<Record<string, string>> = {
  '^\\S{1,40}$': 'a word: 1 to 40 characters, no spaces',
  '^[^\\t\\n]{0,255}$': 'a text of at most 255 characters on one line, without tabs',
}
const [WORD = '', SENTENCE = ''] = Object.keys(PATTERNS)

/** Whether a text is of the form of a word. */
export const isWord = (text: string): boolean => new RegExp(WORD, 'u').test(text)

export const word = (description: string, ...examples: readonly string[]): TextForm => ({
  description,
  type: 'string',
  pattern: WORD,
  ...withExamples(examples),
})

export const sentence = (description: string, ...examples: readonly string[]): TextForm => ({
  description,
  type: 'string',
  pattern: SENTENCE,
  ...withExamples(examples),
})

export const integer = (
  description: string,
  [minimum, maximum]: readonly [number, number],
  ...examples: readonly number[]
): IntegerForm => ({ description, type: 'integer', minimum, maximum, ...withExamples(examples) })

export const list = (description: string, items: Form): ListForm => ({ description, type: 'array', items })

export const mapping = (
  description: string,
  properties: Readonly<Record<string, Form>>,
  required: readonly string[] = [],
): MappingForm => ({
  description,
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
})

const withExamples = <T>(examples: readonly T[]): { readonly examples?: readonly T[] } =>
  examples.length > 0 ? { examples } : {}
