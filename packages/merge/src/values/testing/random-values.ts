import fc from 'fast-check'
import { DateValue, Mapping, TimeValue, Tuple, type Key, type Value } from '../../value.ts'

/** Texts that the writers and readers have to decide about. */
const SPECIAL = [
  ...[
    '',
    ' ',
    '  ',
    'a',
    'yes',
    'No',
    'on',
    'null',
    '~',
    'true',
    '<<',
    '=',
    '12',
    '010',
    '0o10',
    '0x1F',
    '1_000',
    '1e3',
  ],
  ...[
    '1.5',
    '.5',
    '-.5',
    '1.',
    '8:30',
    '1:30.5',
    '.inf',
    '-.INF',
    '.nan',
    '2026-01-02',
    '2026-1-2 3:04:05',
    '2026-13-45',
  ],
  ...['- a', '-a', '-', '--', '---', '--- a', '...', '? a', '?', ':', ':a', 'a: b', 'a:', 'a:b', 'a #b', '#a', 'a#b'],
  ...['[a', 'a]', '{a}', 'a,b', '&a', '*a', '!a', '|', '>', '%a', '@a', '`a', '"a"', "it's", "''", 'a\\b', 'a"b', "'"],
  ...[
    'a\n',
    '\na',
    'a\nb',
    'a\n\nb',
    'a \nb',
    'a\n b',
    '\n',
    '\n\n',
    'a\tb',
    'a\r\nb',
    'é',
    '€',
    '😀',
    '\u2028',
    '\u0085',
  ],
  ...[
    '\ufeff',
    '\u00a0',
    '\u0000',
    '\u007f',
    '\u001b[0m',
    '\ufffe',
    '\u{10ffff}',
    'key with spaces',
    'http://a.b/c?d=e#f',
  ],
]

const words = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.string({ unit: fc.constantFrom(...'abcdefghij'), minLength: 1, maxLength: 14 }) },
      { weight: 1, arbitrary: fc.constantFrom(...SPECIAL) },
      { weight: 1, arbitrary: fc.constantFrom("it's", '"so"', ':', '#', '-', 'a: b', 'ü', '\n', '\t', '\\', '😀', '') },
    ),
    { maxLength: 40 },
  )
  .chain((parts) => fc.constantFrom(' ', '  ', '', '\n', ' - ').map((glue) => parts.join(glue)))

/** Blocks whose characters the tables of every Unicode version in use agree about. */
const longKnown = fc.oneof(
  ...[
    [0xa0, 0x24f],
    [0x370, 0x3ff],
    [0x2000, 0x206f],
    [0x4e00, 0x4eff],
    [0xe000, 0xe0ff],
    [0xff00, 0xffef],
    [0x1f600, 0x1f64f],
  ].map(([min = 0, max = 0]) => fc.integer({ min, max }).map((code) => String.fromCodePoint(code))),
)

export const randomText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...SPECIAL),
  words,
  words.map((text) => text.replaceAll('\n', ' ')),
  fc.string({ unit: longKnown, maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(...' \n\'"\\:#-ab?,[]{}&*!|>%@`.0123é\t'), maxLength: 24 }),
  fc.string({ unit: fc.constantFrom(...' \n\'"\\:#-abcé'), minLength: 60, maxLength: 200 }),
)

const dates = fc.date({
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
})
const days = dates.map((date) => new DateValue(date.toISOString().slice(0, 10)))
const moments = fc
  .tuple(dates, fc.constantFrom('', '.000001', '.120000', '.999999'), fc.constantFrom('', '+00:00', '-05:00', '+05:30'))
  .map(
    ([date, fraction, zone]) => new TimeValue(`${date.toISOString().slice(0, 19).replace('T', ' ')}${fraction}${zone}`),
  )

const scalar: fc.Arbitrary<Key> = fc.oneof(
  { weight: 5, arbitrary: randomText },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.oneof(fc.bigInt({ min: -300n, max: 300n }), fc.bigInt()) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.double(),
      fc.constantFrom(1e16, 1e15, 1e-4, 1e-5, 1e22, 0.5, -0),
      fc.integer().map((n) => n / 4),
    ),
  },
  { weight: 1, arbitrary: fc.oneof(days, moments) },
)
const textKey = fc.oneof(fc.string({ unit: fc.constantFrom(...'abcdefgh_'), minLength: 1, maxLength: 9 }), randomText)
/** Not-a-number is no key: where it stands in an order depends on the way of sorting. */
const oneOfKeys = fc.oneof({ weight: 8, arbitrary: textKey }, { weight: 1, arbitrary: scalar })
const key: fc.Arbitrary<Key> = oneOfKeys.filter((one) => !Number.isNaN(one))

/** Values of every kind. Where `isShared`, some objects occur more than once; where not `withTuples`, only what YAML can hold. */
export function randomValue(options: {
  readonly withTuples: boolean
  readonly isShared: boolean
}): fc.Arbitrary<Value> {
  return fc
    .tuple(randomTree(options.withTuples), fc.nat())
    .map(([value, seed]) => (options.isShared ? shared(value, seed) : value))
}

const mappingOf = (keys: fc.Arbitrary<Key>, items: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.array(fc.tuple(keys, items), { maxLength: 5 }).map((entries) => Mapping.of(entries))

function randomTree(withTuples: boolean): fc.Arbitrary<Value> {
  return fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: scalar },
      { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
      { weight: 3, arbitrary: mappingOf(textKey, tie('value')) },
      { weight: 1, arbitrary: mappingOf(key, tie('value')) },
      ...(withTuples
        ? [{ weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((items) => new Tuple(items)) }]
        : []),
    ),
  })).value
}

/** A list that holds parts of the value again. */
function shared(value: Value, seed: number): Value {
  const parts: Value[] = []
  const visit = (part: Value): void => {
    if (typeof part !== 'object' || part === null) return
    parts.push(part)
    if (part instanceof Mapping) for (const [one, item] of part.entries()) [one, item].forEach(visit)
    else if (part instanceof Tuple) part.items.forEach(visit)
    else if (Array.isArray(part)) (part as readonly Value[]).forEach(visit)
  }
  visit(value)
  const again = parts.filter((_, at) => (at * 7 + seed) % 3 === 0)
  return [value, ...again, Mapping.of(again.map((part, at) => [`k${at}`, part]))]
}
