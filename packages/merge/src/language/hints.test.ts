import { expect, test } from 'vitest'
import { filterNames, findFilter } from './filters/all-filters.ts'
import { allInstead } from './hints/instead.ts'
import { NAMES } from './testing/random-names.ts'
import { problemOf } from './testing/rendered.ts'
import { findTest, testNames } from './tests/all-tests.ts'

const FILTERS = `The filters are: ${filterNames.toSorted().join(', ')}.`
const PAIRS = 'Write `| items` for the pairs, `| dictsort` for the pairs in the order of the keys.'
const NO_METHODS = 'Values have no methods here; what changes them are filters, as in `value | upper`.'

const HINTS: readonly (readonly [template: string, hint: string])[] = [
  ["{{ 'x' | tojson }}", `Write \`| to_json\`, or \`| to_json_minified\` for one line. ${FILTERS}`],
  ["{{ 'x' | toYaml }}", `Did you mean \`| to_yaml\`? ${FILTERS}`],
  ["{{ 'x' | uper }}", `Did you mean \`| upper\`? ${FILTERS}`],
  ["{{ 'x' | safe }}", `Nothing is escaped: leave it out. ${FILTERS}`],
  ["{{ 'x' | wordwrap }}", FILTERS],
  ["{{ words | map('uppr') | list }}", `Did you mean \`| upper\`? ${FILTERS}`],
  ["{{ words | map('up' ~ 'pr') | list }}", `Did you mean \`| upper\`? ${FILTERS}`],
  [
    '{{ word is strin }}',
    `Did you mean \`is string\`? The tests are: ${testNames
      .filter((name) => /^\w/.test(name))
      .toSorted()
      .join(', ')}.`,
  ],
  ['{{ map.items() }}', PAIRS],
  ['{{ map.items }}', `Write \`['items']\` for the key of that name. ${PAIRS}`],
  ["{{ map['keys'] }}", 'A mapping stands for its keys: `for key in mapping`, `mapping | list`.'],
  ['{{ map.c.values() }}', 'Write `| items | map(attribute=1)`.'],
  ["{{ map.get('a') }}", "Write `['key']`, or `.key`, with `| default(...)` where it may be missing."],
  ['{{ word.upper() }}', 'Write `| upper`.'],
  ['{{ word.upper }}', 'Write `| upper`.'],
  ['{{ word.strip() }}', 'Write `| trim`, for both ends.'],
  ['{{ word.zfill(3) }}', NO_METHODS],
  ['{{ word.__class__ }}', NO_METHODS],
  ['{{ list.length() }}', 'Write it as a filter: `| length`.'],
  ['{{ len(list) }}', 'Write `| length`.'],
  ["{{ ', '.join(words) }}", "Write the list before it: `list | join(', ')`."],
  ["{{ day.strftime('%Y') }}", NO_METHODS],
  ['{{ day.isoformat }}', 'A day has `.year`, `.month` and `.day`; `{{ day }}` prints all of it.'],
  ['{{ word[0]() }}', NO_METHODS],
  ['{% for i in range(3) %}{% endfor %}', 'Write the members: `for i in [0, 1, 2]`.'],
  ['{{ range }}', 'Write the members: `for i in [0, 1, 2]`.'],
  ['{% set n = namespace(a=1) %}', 'Gather with filters: `| map(...)`, `| select(...)`, `| sum`, `| join`.'],
  ['{% for x in list %}{{ loop.cycle(1, 2) }}{% endfor %}', "Write `{{ 'a' if loop.index is odd else 'b' }}`."],
  ['{% for x in list %}{{ loop(x) }}{% endfor %}', 'Write one `for` inside of another, one for each level.'],
  ['{% for x in list recursive %}{% endfor %}', 'Write one `for` inside of another, one for each level.'],
  ['{{ self }}', 'Each template stands for itself: write its whole text.'],
  ['{{ super() }}', 'Each template stands for itself: write its whole text.'],
  ['{{ rows[0, 1] }}', 'Write one key behind the other: `rows[0][1]`.'],
  ['{{ list[1:] }}', 'Write a `for` with a condition on `loop.index`.'],
  ['{{ word | replace(*words) }}', 'Write each argument, with `,` between them.'],
  ['{{ word | replace(**map) }}', 'Write each argument, with `,` between them.'],
  ['{% set map.a = 1 %}', 'Give the whole a new name with `set`.'],
  ["{{ '%s' % 1 }}", 'Join the parts with `~`.'],
]

test.each(HINTS)('what is not offered is refused with what to do instead: %s', (template, hint) => {
  const problem = problemOf(template, NAMES)
  expect([problem.code, problem.hint]).toEqual(['TEMPLATE_UNSUPPORTED', hint])
})

test('what is told to be written instead is there', () => {
  const said = allInstead.join(' ')
  const named = (pattern: RegExp): readonly string[] => [...said.matchAll(pattern)].map(([, name = '']) => name)
  const [filters, tests] = [named(/\| (\w+)/g), named(/\bis (odd|eq|upper|lower)\b/g)]
  expect(filters.filter((name) => findFilter(name) === undefined)).toEqual([])
  expect(tests.filter((name) => findTest(name) === undefined)).toEqual([])
  expect([filters.length > 10, tests.length > 3]).toEqual([true, true])
})
