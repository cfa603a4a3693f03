import { expect, test } from 'vitest'
import { NAMES } from './testing/random-names.ts'
import { rendered } from './testing/rendered.ts'

/** Statements and the names that they set: a template, and what Jinja2 3.1.6 prints for it with the names of the tests. */
const CASES: readonly (readonly [template: string, text: string])[] = [
  ['{% for x in list %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}', '3, 1, 2'],
  ['{% for x in list if x > 1 %}{{ loop.index }}/{{ loop.length }}:{{ x }} {% endfor %}', '1/2:3 2/2:2 '],
  [
    '{% for x in list if x > 5 %}{{ x }}{% else %}none{% endfor %}{% for x in gone %}{% else %}none{% endfor %}',
    'nonenone',
  ],
  ["{% for k in map %}{{ k }},{% endfor %}{% for c in 'a😀' %}{{ c }};{% endfor %}", 'a,b,c,items,n,1,a;😀;'],
  [
    '{% for k, v in pairs %}{{ k }}={{ v }} {% endfor %}{% for (a, b), c in [[[1, 2], 3]] %}{{ a }}{{ b }}{{ c }}{% endfor %}',
    'a=1 b=2 123',
  ],
  [
    "{% for k, v in map.c | items %}{{ k }}={{ v }}{% endfor %}{% for a, b in ['xy'] %}{{ b }}{{ a }}{% endfor %}",
    'a=[5, 6]yx',
  ],
  ['{% for x in 1, 2 %}{{ x }}{% endfor %}{% for x in (1 if no else 2), 3 %}{{ x }}{% endfor %}', '1223'],
  [
    '{% for x in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }} {% endfor %}',
    '1032TrueFalse310 2121FalseFalse310 3210FalseTrue310 ',
  ],
  [
    '{% for x in nulls %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }} {% endfor %}',
    'FalseTrue TrueFalse ',
  ],
  ["{% for x in 'abc' %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {% endfor %}", '<a>b a<b>c b<c> '],
  ["{% for x, y in ['ab', 'cd'] %}{{ loop.nextitem }};{% endfor %}", 'cd;;'],
  [
    "{% for x, (y, z) in [[1, [2, 4]], [3, 'ab']] if x %}{{ loop.nextitem }}|{{ loop.previtem }};{% endfor %}",
    "(3, ('a', 'b'))|;|(1, (2, 4));",
  ],
  [
    "{% for x in 'ab' %}{% set outer = loop %}{% for y in 'cd' %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}{{ outer }}",
    '11 12 21 22 ',
  ],
  [
    "{% for x in 'ab' %}{{ loop }}{{ loop.gone }}{{ loop['index'] }} {% endfor %}",
    '<LoopContext 1/2>1 <LoopContext 2/2>2 ',
  ],
  ['{% for x in list %}{{ y }}{% set y = x %}{{ y }};{% endfor %}{{ y }}{{ x }}', '3;1;2;'],
  [
    "{% if yes %}{% set y = 1 %}{% endif %}{{ y }}{% for x in 'a' %}{% if yes %}{% set y = 2 %}{% endif %}{{ y }}{% endfor %}{{ y }}",
    '121',
  ],
  ['{% for x in gone %}{% else %}{% set y = 1 %}{{ y }}{% endfor %}{{ y }}', '1'],
  [
    "{{ word }}{% set word = word ~ 'd' %}{{ word }}{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (a, b), c = 'xy', 3 %}{{ a }}{{ b }}{{ c }}{% set t = 1, 2 %}{{ t }}",
    'abcabcd12xy3(1, 2)',
  ],
  ["{% set loop = 5 %}{{ loop }}{% for x in 'a' %}{{ loop.index }}{% endfor %}{{ loop }}", '515'],
  ["{% for x in 'ab' %}{% for y in 'cd' if loop.index == 2 %}{{ x }}{{ y }}{% endfor %}{% endfor %}", 'bcbd'],
  ["{% set loop = {'index': 2} %}{% for x in list if loop.index == x %}{{ x }}{% endfor %}", '2'],
  [
    '{% if no %}a{% elif yes %}b{% else %}c{% endif %}{% if no %}a{% elif no %}b{% else %}c{% endif %}{% if no %}a{% endif %}',
    'bc',
  ],
  [
    "{% if 0, %}a{% endif %}{% if '' %}b{% endif %}{% if 0.0 %}c{% endif %}{% if {} %}d{% endif %}{% if 'False' %}e{% endif %}{% if gone %}f{% endif %}{% if none %}g{% endif %}",
    'ae',
  ],
  [
    '{% set g = list | select %}{{ g | first }}{% for x in g %}{{ x }}{% endfor %}{% for x in g %}again{% endfor %}',
    '312',
  ],
  ['{% set g = list | select %}{% for a in g %}{{ a }}{% for b in g %}{{ b }}{% endfor %};{% endfor %}', '312;'],
  ["{% for q in 'ab' %}[{{ word }}]{% endfor %}{% set word = 0 %}{{ word }}", '[][]0'],
  ['{% for q in list if word %}{{ q }}{% endfor %}{% set word = 0 %}{{ word }}', '0'],
  ["{{ word }}{% for q in 'ab' %}[{{ word }}]{% endfor %}{% set word = 0 %}{{ word }}", 'abc[abc][abc]0'],
  ["{% for q in 'ab' %}[{{ word }}]{% endfor %}{% if no %}{% set word = 0 %}{% endif %}{{ word }}", '[abc][abc]abc'],
  [
    "{% for q in 'ab' %}[{{ word }}]{% endfor %}{% if yes %}{% set word = 1 %}{% elif no %}{% set word = 2 %}{% else %}{% set word = 3 %}{% endif %}{{ word }}",
    '[abc][abc]1',
  ],
  [
    "{% for a in 'xy' %}{% for q in 'ab' %}[{{ word }}]{% endfor %}{% set word = 0 %}{{ word }}{% endfor %}",
    '[][]0[][]0',
  ],
  [
    "{% for a in 'xy' %}{% for q in 'ab' %}[{{ word }}]{% endfor %}{% set word = 0 %}{{ word }}{% endfor %}{{ word }}",
    '[abc][abc]0[abc][abc]0abc',
  ],
  [
    "{% for x in gone %}{% else %}{% for q in 'ab' %}[{{ word }}]{% endfor %}{% set word = 0 %}{{ word }}{% endfor %}",
    '[][]0',
  ],
  ['{% if hollow | select %}a stream is true{% endif %}', 'a stream is true'],
]

test.each(CASES)('statements and the names that they set: %s', (template, text) => {
  expect(rendered(template, NAMES)).toBe(text)
})
