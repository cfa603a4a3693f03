/** What a scalar without quotes and without a tag is. `merge` is `<<`, `value` is `=`: neither may stand for a value. */
export type PlainKind = 'null' | 'bool' | 'int' | 'float' | 'timestamp' | 'merge' | 'value' | 'str'

const BOOLEANS = 'yes Yes YES no No NO true True TRUE false False FALSE on On ON off Off OFF'.split(' ')

/** What is not a text as a whole word only. */
const WORDS: ReadonlyMap<string, PlainKind> = new Map([
  ...BOOLEANS.map((word) => [word, 'bool'] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, 'null'] as const),
  ['<<', 'merge'],
  ['=', 'value'],
])

/** The forms of YAML 1.1 as PyYAML has them: a float needs a point and a signed exponent, `0o7` and `1e3` are texts. */
const FORMS: readonly (readonly [PlainKind, RegExp])[] = [
  ['float', /^[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?$/],
  ['float', /^\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?$/],
  ['float', /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/],
  ['float', /^[-+]?\.(?:inf|Inf|INF)$/],
  ['float', /^\.(?:nan|NaN|NAN)$/],
  ['int', /^[-+]?0b[01_]+$/],
  ['int', /^[-+]?0[0-7_]+$/],
  ['int', /^[-+]?(?:0|[1-9][0-9_]*)$/],
  ['int', /^[-+]?0x[0-9a-fA-F_]+$/],
  ['int', /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/],
  ['timestamp', /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/],
  [
    'timestamp',
    /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?$/,
  ],
]

/** What all forms begin with: most texts are told by their first character. */
const START_OF_FORMS = /^[-+.0-9]/

/** What PyYAML takes a plain scalar for. */
export function plainKindOf(text: string): PlainKind {
  const word = WORDS.get(text)
  if (word !== undefined) return word
  return (START_OF_FORMS.test(text) ? FORMS.find(([, form]) => form.test(text))?.[0] : undefined) ?? 'str'
}
