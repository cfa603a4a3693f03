import { expect, test } from 'vitest'
import { NAMES } from './testing/random-names.ts'
import { problemOf } from './testing/rendered.ts'

type Case = readonly [template: string, place: string, message: string]

const place = ({ at }: ReturnType<typeof problemOf>): string => `${String(at?.line)}:${String(at?.column)}`

const NOT_PARSABLE: readonly Case[] = [
  ['a\n{{ word', '2:1', 'This tag is not closed.'],
  ['a\n {% if yes', '2:2', 'This tag is not closed.'],
  ['a\n{# note', '2:1', 'This comment is not closed.'],
  ['a\n{% raw %}\nb', '2:1', 'This `raw` is not closed.'],
  ['\n{% if yes %}\n{% for x in list %}\n{% endfor %}\n', '2:4', 'The `if` of line 2 is not closed.'],
  [
    '{% for x in list %}\n{% if x\n %}\n{% endfor %}',
    '4:4',
    '`endfor` inside of the `if` of line 2, which waits for `elif` or `else` or `endif`.',
  ],
  [
    '{% if yes %}{% else %}{% elif no %}{% endif %}',
    '1:26',
    '`elif` inside of the `if` of line 1, which waits for `endif`.',
  ],
  ['{% endfor %}', '1:4', '`endfor` without a block that it belongs to.'],
  ['{% foo %}', '1:4', 'There is no tag `foo`.'],
  ['{% %}', '1:4', 'The name of a tag is expected here, and there is the end of the tag, `%}`.'],
  ['{{ }}', '1:4', 'An expression is expected here, and there is the end of the tag, `}}`.'],
  ['{{\n word list }}', '2:7', 'The end of the tag, `}}`, is expected here, and there is `list`.'],
  ['{{ (word }}', '1:10', '`}` where the `(` before it asks for `)`.'],
  ['{{ word) }}', '1:8', 'This `)` closes nothing.'],
  ["{{ 'word }}", '1:4', "This text is not closed: the second `'` is missing."],
  ["{{ '\\ud83d' }}", '1:5', 'Half of a character in this text.'],
  ["{{ '\\x4' }}", '1:5', 'An escape in this text is not complete or no character.'],
  ['{{ word ? 1 }}', '1:9', '`?` has no meaning inside of a tag.'],
  ['{{ word. }}', '1:10', 'A name or a whole number is expected behind `.`.'],
  ['{% set true = 1 %}', '1:8', '`true` is a value and cannot be given another one.'],
  ['{% set a = b = 1 %}', '1:14', 'The end of the tag, `%}`, is expected here, and there is `=`.'],
  [
    '{% for x in list %}{% set loop = 1 %}{% endfor %}',
    '1:27',
    'In a `for`, `loop` tells about the loop and cannot be given a value.',
  ],
  ['{% for x list %}{% endfor %}', '1:10', '`in` is expected here, and there is `list`.'],
  ['{{ word | replace(1) }}', '1:11', 'The filter `replace` needs its argument `new`.'],
  ['{{ word | upper(1) }}', '1:11', 'The filter `upper` takes no arguments.'],
  ['{{ word | trim(x=1) }}', '1:11', 'The filter `trim` has no argument `x`.'],
  ['{{ word is defined is true }}', '1:20', '`is` cannot follow a test.'],
  ['{{ 1 is eq }}', '1:9', 'The test `eq` needs its argument `other`.'],
]

const UNSUPPORTED: readonly Case[] = [
  ['{% macro a() %}{% endmacro %}', '1:4', 'The tag `macro` is not part of the language here.'],
  ['\n{% include "a" %}', '2:4', 'The tag `include` is not part of the language here.'],
  ['{% if no %}{% block a %}{% endblock %}{% endif %}', '1:15', 'The tag `block` is not part of the language here.'],
  ['{% set a %}b{% endset %}', '1:4', 'A `set` of everything up to `endset` is not part of the language here.'],
  ['{% set map.a = 1 %}', '1:8', 'A part of a value cannot be given another value.'],
  ['{% for x in list recursive %}{% endfor %}', '1:18', 'A recursive `for` is not part of the language here.'],
  ['{{ range(3) }}', '1:4', 'The call of `range` is not part of the language here.'],
  ['{{ word.upper() }}', '1:9', 'The call of `upper` is not part of the language here.'],
  ['{{ list[1:] }}', '1:10', 'Parts of a list by `from:to` are not part of the language here.'],
  ['{{ list[:1] }}', '1:9', 'Parts of a list by `from:to` are not part of the language here.'],
  ['{{ self }}', '1:4', '`self` stands for the template and its blocks, which are not part of the language here.'],
  ['{% if no %}{{ word | wordwrap }}{% endif %}', '1:22', 'There is no filter `wordwrap` in the language here.'],
  ['{% if no %}{{ word is callable }}{% endif %}', '1:23', 'There is no test `callable` in the language here.'],
  ["{{ rows | selectattr('n', 'near', 2) | list }}", '1:27', 'There is no test `near` in the language here.'],
  ["{{ words | map('wordwrap') | list }}", '1:16', 'There is no filter `wordwrap` in the language here.'],
  ['{{ range }}', '1:4', '`range` is a function of the wider language, which is not part of the language here.'],
  ['{{ map.items }}', '1:8', '`items` is a method of a mapping, and methods are not part of the language here.'],
  ["{{ map['keys'] }}", '1:7', '`keys` is a method of a mapping, and methods are not part of the language here.'],
  ['{{ word.__class__ }}', '1:9', '`__class__` is a method of a text, and methods are not part of the language here.'],
  ["{{ '%s' % 1 }}", '1:9', 'Filling the places of a text with `%` is not part of the language here.'],
]

const FAILED: readonly Case[] = [
  ['{{ gone.a }}', '1:9', '`gone` is undefined and has no `a`.'],
  ['{{ map.gone.a }}', '1:13', '`gone` is undefined and has no `a`.'],
  ['{% for r in rows %}\n{{ r.sub.n }}\n{% endfor %}', '2:10', '`sub` is undefined and has no `n`.'],
  ['{{ gone + 1 }}', '1:9', '`gone` is undefined; `+` cannot use it.'],
  ['{{ -gone }}', '1:4', '`gone` is undefined; `-` cannot use it.'],
  ['{{ 1 < gone }}', '1:6', '`gone` is undefined and cannot be compared.'],
  ["{{ 1 < 'a' }}", '1:6', 'A whole number and a text have no order.'],
  ['{{ none < none }}', '1:9', 'None and none have no order.'],
  ["{{ 1 + 'a' }}", '1:6', '`+` cannot be used between a whole number and a text.'],
  ['{{ 1 in 5 }}', '1:6', 'A whole number has no members that could be visited one by one.'],
  ['{{ 1 in word }}', '1:6', 'Only a text can be part of a text, and there is a whole number.'],
  ['{{ 1 / 0 }}', '1:6', 'A division by zero.'],
  ['{{ 1.0 % 0 }}', '1:8', 'A division by zero.'],
  ['{{ 10 ** 5000 }}', '1:7', 'A whole number of more than 4300 digits.'],
  ['{% for x in 5 %}{% endfor %}', '1:13', 'A whole number has no members that could be visited one by one.'],
  ['{% for a, b in list %}{% endfor %}', '1:8', 'A whole number has no members that could be visited one by one.'],
  ["{% set a, b = 'abc' %}", '1:8', 'There are 2 names for 3 members.'],
  ['{{ 5 | length }}', '1:8', 'A whole number has no length.'],
  ["{{ rows | selectattr('on') }}", '1:11', 'Members that a filter gives one by one have no text of their own.'],
  ['{{ list | select | length }}', '1:20', 'The result of a filter that gives its members one by one has no length.'],
  ['{{ mixed | sort }}', '1:12', 'A text and a whole number have no order.'],
  ['{{ gone | to_json }}', '1:11', '`gone` is undefined and cannot be written.'],
  ['{{ [gone] | to_yaml }}', '1:13', '`gone` is undefined and cannot be written.'],
  ["{{ '5' | abs }}", '1:10', '`abs` is for numbers, and there is a text.'],
  ['{{ gone | int }}', '1:11', '`gone` is undefined; `int` cannot use it.'],
  ['{{ gone | float }}', '1:11', '`gone` is undefined; `float` cannot use it.'],
  ['{{ gone | round }}', '1:11', '`gone` is undefined; `round` cannot use it.'],
  ["{{ 1 | round(1, 'up') }}", '1:8', "`method` is 'common', 'ceil' or 'floor'."],
  ["{{ 1 | round(-1, 'ceil') }}", '1:8', '`round` upwards and downwards is for a precision that is not negative.'],
  ["{{ 1 | round(5000, 'ceil') }}", '1:8', '`round` to more than 4300 digits.'],
  ["{{ 1.5 | round('1') }}", '1:10', 'The argument `precision` must be a whole number, and is a text.'],
  ['{{ 1.7e308 | round(-308) }}', '1:14', 'A rounded number that is too large for a floating one.'],
  ["{{ 'inf' | float | int }}", '1:20', 'An infinite number has no whole number near it.'],
  ["{{ 'inf' | float | round(0, 'ceil') }}", '1:20', 'A number that is not finite has no whole number near it.'],
  ["{{ '\u0663' | int }}", '1:10', 'A number in other digits than 0 to 9.'],
  ['{{ 5 | indent }}', '1:8', 'Only a text can be indented, and there is a whole number.'],
  ['{{ {[1]: 2} }}', '1:5', 'A list cannot be the key of a mapping.'],
  ["{{ gone | default('x', boolean=true) + 1 }}", '1:38', '`+` cannot be used between a text and a whole number.'],
]

const all: readonly (readonly [string, readonly Case[]])[] = [
  ['TEMPLATE_NOT_PARSABLE', NOT_PARSABLE],
  ['TEMPLATE_UNSUPPORTED', UNSUPPORTED],
  ['TEMPLATE_RENDER_FAILED', FAILED],
]
const cases = all.flatMap(([code, rows]) => rows.map((row) => [code, ...row] as const))

test.each(cases)('%s with its place: %s', (code, template, expectedPlace, message) => {
  const problem = problemOf(template, NAMES)
  expect([problem.code, place(problem), problem.message]).toEqual([code, expectedPlace, message])
  expect(problem.at?.file).toBe('page')
})

test('what is missing in a mapping is told with what is there', () => {
  expect(problemOf('{{ map.c.gone.x }}', NAMES).hint).toBe('There are: a.')
})
