import { expect, test } from 'vitest'
import { NAMES } from './testing/random-names.ts'
import { rendered } from './testing/rendered.ts'

/** Blanks and lines around tags: a template, and what Jinja2 3.1.6 prints for it with the names of the tests. */
const CASES: readonly (readonly [template: string, text: string])[] = [
  ['a {{- 1 -}} b', 'a1b'],
  ['a {{+ 1 }} b', 'a 1 b'],
  ['{{-5}}|{{+5}}|{{ -5 }}', '5|5|-5'],
  ['a \n {%- if yes -%} \n b \n {%- endif -%} \n c', 'abc'],
  ['a\n{% if yes %}\nb\n{% endif %}\nc\n', 'a\n\nb\n\nc'],
  ['  {% if yes +%}  b  {%+ endif %}  c', '    b    c'],
  ['a\u00a0\u2003\u001f{{- 1 -}}\u001f\u2028\u00a0b', 'a1b'],
  ['a\ufeff{{- 1 -}}\ufeffb', 'a\ufeff1\ufeffb'],
  ['a {# one #} b {#- two -#} c {#+ three +#} d', 'a  bc  d'],
  ['{# {# not nested #} #}', ' #}'],
  ['{#-#}a{##}b{#--#} c', 'abc'],
  ["a  {%- raw -%}  {{ x }} {% if %} {# {{ '  {%- endraw -%} b", "a{{ x }} {% if %} {# {{ 'b"],
  ['{% raw %}{% raw %}{% endraw %}', '{% raw %}'],
  ['{%raw%}{{{%endraw%}', '{{'],
  ['{% raw %} a\n {%+ endraw +%} b', ' a\n  b'],
  ['{{ word\n}}\n{{-\nword -}}\n', 'abcabc'],
  ['{%- set a = 1 -%} \n {{- a -}} \n', '1'],
]

test.each(CASES)('blanks and lines around tags: %s', (template, text) => {
  expect(rendered(template, NAMES)).toBe(text)
})
