/** What a scalar without quotes and without a tag is. `merge` is `<<`, `value` is `=`: neither may stand for a value. */
export type PlainKind = 'null' | 'bool' | 'int' | 'float' | 'timestamp' | 'merge' | 'value' | 'str'

/** The forms of YAML 1.1 as PyYAML has them: a float needs a point and a signed exponent, `0o7` and `1e3` are texts. */
const FORMS: readonly (readonly [PlainKind, RegExp])[] = [
  ['bool', /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/],
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
  ['merge', /^<<$/],
  ['null', /^(?:~|null|Null|NULL)?$/],
  ['timestamp', /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/],
  [
    'timestamp',
    /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?$/,
  ],
  ['value', /^=$/],
]

/** Only these can begin anything but a text: most texts are told by their first character. */
const TELLING_START = /^(?:[-+.0-9~<=yYnNtTfFoO]|$)/

/** What PyYAML takes a plain scalar for. */
export function plainKindOf(text: string): PlainKind {
  if (!TELLING_START.test(text)) return 'str'
  return FORMS.find(([, form]) => form.test(text))?.[0] ?? 'str'
}
