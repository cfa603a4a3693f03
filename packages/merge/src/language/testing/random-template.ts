import fc from 'fast-check'
import { randomExpression } from './random-expression.ts'

const one = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts)

const SIGN = fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 1, arbitrary: one('-', '+') })
const BLOCK_END = fc.oneof({ weight: 6, arbitrary: fc.constant('%}') }, { weight: 1, arbitrary: one('-%}', '+%}') })
const TARGET = one('x', 'y', 'k', 'x, y', 'k, x', '(x, y), k', 'word')
const OVER = one('list', 'words', 'map', 'rows', 'rows', 'word', 'gone', 'nulls', '1, 2', "['ab', 'cd']")
const PAIRS = one('map | items', 'map | dictsort', 'pairs', "['ab', 'cd']", '[(1, 2)]')

const tag = (inside: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(SIGN, inside, BLOCK_END).map(([sign, text, end]) => `{%${sign} ${text} ${end}`)
const words = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((all) => all.join(' '))
const bracketed = randomExpression.map((text) => `(${text})`)

const output = fc
  .tuple(SIGN, randomExpression, one(' }}', ' }}', ' -}}', '\n}}'))
  .map(([sign, text, end]) => `{{${sign} ${text}${end}`)

const simple = fc.oneof(
  {
    weight: 4,
    arbitrary: one(' ', '\n', 'a', ' b\n', '\n\n  ', '}}', '%', '{', '\t', '\u00a0', '#}', '\r\n', '\u001f'),
  },
  { weight: 5, arbitrary: output },
  { weight: 4, arbitrary: one('{{ x }}', '{{ y }}', '{{ k }}', '{{ x.name }}', '{{ loop.index }}', '{{ word }}') },
  { weight: 2, arbitrary: tag(words(one('set'), TARGET, one('='), randomExpression)) },
  { weight: 1, arbitrary: one('{# note #}', '{#- note -#}', '{# {{ x }} +#}', '{#-#}', '{##}', '{#+ #}') },
  {
    weight: 1,
    arbitrary: one('{% raw %} {{ x }} {% endraw %}', '{%- raw -%} {% if %} {%- endraw -%}', '{% raw %}{#{% endraw +%}'),
  },
)

const { body } = fc.letrec<{ body: string; statement: string }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 5, arbitrary: simple },
    { weight: 2, arbitrary: chosen(tie('body')) },
    { weight: 4, arbitrary: visited(tie('body')) },
  ),
  body: fc.array(tie('statement'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
}))

function chosen(inside: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const more = fc.option(fc.tuple(tag(words(one('elif'), bracketed)), inside), { nil: [] })
  return fc
    .tuple(tag(words(one('if'), bracketed)), inside, more, otherwise(inside), tag(one('endif')))
    .map((all) => all.flat().join(''))
}

function visited(inside: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const plain = words(
    one('x', 'y', 'x', 'word'),
    one('in'),
    fc.oneof({ weight: 4, arbitrary: OVER }, { weight: 1, arbitrary: bracketed }),
  )
  const paired = words(one('x, y', 'k, x'), one('in'), PAIRS)
  const condition = fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: one(' if x', ' if y', ' if x is defined', ' if loop.index', ' if x == y if y else x') },
    { weight: 1, arbitrary: bracketed.map((text) => ` if ${text}`) },
  )
  const start = fc.tuple(fc.oneof(plain, plain, paired), condition).map(([head, rest]) => `for ${head}${rest}`)
  return fc.tuple(tag(start), inside, otherwise(inside), tag(one('endfor'))).map((all) => all.flat().join(''))
}

function otherwise(inside: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> {
  return fc.option(fc.tuple(tag(one('else')), inside), { nil: [] })
}

/** Templates of the subset, as somebody might write them who tries everything. */
export const randomTemplate: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: output },
  { weight: 3, arbitrary: body },
)
