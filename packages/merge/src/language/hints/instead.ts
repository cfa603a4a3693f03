const filterOf = (name: string): string => `Write \`| ${name}\`.`
/** In place of blocks and of what a template would take from another one. */
export const WHOLE_TEXT = 'Each template stands for itself: write its whole text.'
/** In place of a loop that calls itself. */
export const NESTED_LOOPS = 'Write one `for` inside of another, one for each level.'
const UNCHANGING = 'A value does not change: give a new one its name with `set`.'
const BY_CONDITION = 'Write a `for` with a condition, or `| select(...)` and `| selectattr(...)`.'

/** What gives the same as a method of Python, or a function or filter of elsewhere, by its name; each a sentence. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ...['upper', 'lower', 'title', 'capitalize', 'replace', 'reverse', 'sort'].map(
    (name) => [name, filterOf(name)] as const,
  ),
  ...['items', 'iteritems', 'dict2items'].map(
    (name) => [name, 'Write `| items` for the pairs, `| dictsort` for the pairs in the order of the keys.'] as const,
  ),
  ['keys', 'A mapping stands for its keys: `for key in mapping`, `mapping | list`.'],
  ['values', 'Write `| items | map(attribute=1)`.'],
  ['get', "Write `['key']`, or `.key`, with `| default(...)` where it may be missing."],
  ['attr', "Write `value['name']`."],
  ...['strip', 'lstrip', 'rstrip'].map((name) => [name, 'Write `| trim`, for both ends.'] as const),
  ['casefold', filterOf('lower')],
  ['isupper', 'Write `is upper`.'],
  ['islower', 'Write `is lower`.'],
  ['startswith', "Compare characters, `text[0] == 'a'`, or ask for a part of it with `in`."],
  ['endswith', "Compare characters, `text[-1] == 'a'`, or ask for a part of it with `in`."],
  ...['find', 'index'].map((name) => [name, "Ask with `in`: `{% if 'a' in value %}`."] as const),
  ['count', "Write `| length`, for some of the members `| select('equalto', 1) | list | length`."],
  ['join', "Write the list before it: `list | join(', ')`."],
  ...['format', 'format_map'].map((name) => [name, 'Join the parts with `~`.'] as const),
  ...['append', 'extend', 'insert'].map(
    (name) =>
      [name, 'Write `{% set name = list + [member] %}`, or gather with `| map(...)` and `| select(...)`.'] as const,
  ),
  ...['update', 'setdefault', 'pop', 'popitem', 'clear', 'remove'].map((name) => [name, UNCHANGING] as const),
  ['copy', 'A value does not change: take the value itself.'],
  ...['range', 'zip'].map((name) => [name, 'Write the members: `for i in [0, 1, 2]`.'] as const),
  ['dict', "Write `{'key': value}`."],
  ['namespace', 'Gather with filters: `| map(...)`, `| select(...)`, `| sum`, `| join`.'],
  ['joiner', "Write `{% if not loop.last %}, {% endif %}`, or `| join(', ')`."],
  ...['cycler', 'cycle'].map((name) => [name, "Write `{{ 'a' if loop.index is odd else 'b' }}`."] as const),
  ['changed', 'Compare with `loop.previtem`.'],
  ['loop', NESTED_LOOPS],
  ['lipsum', 'Write the text itself.'],
  ...['super', 'self'].map((name) => [name, WHOLE_TEXT] as const),
  ['caller', 'Write the text where it is needed, or in a `for`.'],
  ...['len', 'size'].map((name) => [name, filterOf('length')] as const),
  ['str', filterOf('string')],
  ['sorted', filterOf('sort')],
  ['reversed', filterOf('reverse')],
  ['enumerate', 'Write `loop.index0`, or `loop.index` from 1, inside of the `for`.'],
  ['tojson', 'Write `| to_json`, or `| to_json_minified` for one line.'],
  ['to_nice_json', filterOf('to_json')],
  ...['to_nice_yaml', 'pprint'].map((name) => [name, filterOf('to_yaml')] as const),
  ...['escape', 'e', 'forceescape', 'safe'].map((name) => [name, 'Nothing is escaped: leave it out.'] as const),
  ['regex_replace', 'Write `| replace(old, new)`.'],
  ['ternary', 'Write `a if b else c`.'],
  ['groupby', "Visit `| map(attribute='kind') | unique`, and inside of it the members of that kind."],
  ...['batch', 'slice'].map((name) => [name, 'Write a `for` with a condition on `loop.index`.'] as const),
  ['random', 'A merge gives the same each time: write `| first`, or `[0]`.'],
  ['filter', BY_CONDITION],
  ['sameas', 'Write `is eq`.'],
  ['callable', 'Nothing can be called: leave it out.'],
  ['escaped', 'Nothing is escaped: leave it out.'],
])

/** The way out where something of that name is not offered; `undefined` where none is known. */
export const insteadOf = (name: string): string | undefined => INSTEAD.get(name)

/** All of them, for the test that holds them to the language. */
export const allInstead: readonly string[] = [...INSTEAD.values()]
