import fc from 'fast-check'
import { toYaml } from '../to-yaml.ts'
import { randomText, randomValue } from './random-values.ts'

/** Pieces that the rules of YAML are about. */
const PIECES = [
  ...[
    'a',
    'b',
    'key',
    'value',
    'word word',
    '1',
    '010',
    '1.5',
    '8:30',
    '2026-01-02',
    'true',
    'No',
    'null',
    '~',
    '=',
    '<<',
  ],
  ...[
    ': ',
    ':',
    '- ',
    '-',
    '? ',
    '?',
    ', ',
    ',',
    '[',
    ']',
    '{',
    '}',
    '[]',
    '{}',
    '| ',
    '|',
    '>',
    '>-',
    '|+',
    '|2',
    '>1-',
  ],
  ...[
    "'",
    '"',
    "'a'",
    '"b"',
    '\\',
    '\\n',
    '\\x41',
    '\\u00e9',
    '\\\n',
    '#',
    ' #',
    '# c',
    '&x ',
    '*x',
    '&y ',
    '*y',
    '<<: *x',
  ],
  ...['!!str ', '!!int ', '!!float ', '!!bool ', '!!null ', '!!map ', '!!seq ', '!!omap ', '! ', '!x ', '!!timestamp '],
  ...[
    '\n',
    '\n',
    '\n',
    '\n',
    '\n  ',
    '\n  ',
    '\n    ',
    '\n- ',
    '\n  - ',
    '\n\n',
    ' ',
    '  ',
    '\t',
    '\r\n',
    '\n---\n',
    '\n...\n',
  ],
  ...[
    '%',
    '@',
    '`',
    'é',
    '😀',
    '\u2028',
    '\u0085',
    '\ufeff',
    '\na: ',
    '\nb: ',
    '\n  a: ',
    '\n  c: ',
    'x: y',
    'a: b\n',
    '- a\n',
  ],
]
const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join(''))

/** Lines that are mostly right. */
const scalar = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'a',
      'some words',
      '12',
      '010',
      '0x1F',
      '1_0',
      '1.5',
      'on',
      '2026-01-02',
      '2026-1-2 3:4:5',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "'it''s'",
      '"a\\tb"',
      "'two\n  lines'",
      '"two\nlines"',
      '*x',
      '&x a',
      '!!str 12',
      '"\\\n  a"',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '[a, b]',
      '{a: 1, b: [2]}',
      '[\n1,\n2\n]',
      '{\n}',
      '[a: b]',
      '{a, b}',
      '[]',
      '{"a":1}',
      '[? a : b]',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '|\n    text\n     more\n\n',
      '>-\n    folded\n    text\n\n    end\n',
      '|+\n\n    x\n\n',
      '>\n     a\n    b',
    ),
  },
  { weight: 1, arbitrary: randomText },
)
const key = fc.constantFrom(
  'a',
  'b',
  'key',
  '"q"',
  "'s'",
  '1',
  'true',
  '<<',
  '? k\n:',
  '&y k',
  'key with words',
  '=',
  '~',
)
const line = fc
  .tuple(
    fc.constantFrom(0, 0, 0, 2, 2, 4, 1),
    fc.constantFrom('', '', '', '- ', '- - '),
    fc.option(key),
    scalar,
    fc.constantFrom('', '', '', ' # c', '\n', ' '),
  )
  .map(
    ([indent, dash, name, value, end]) =>
      `${' '.repeat(indent)}${dash}${name === null ? '' : `${name}: `}${value}${end}`,
  )
const lines = fc.array(line, { maxLength: 7 }).map((all) => all.join('\n'))
const blocks = fc
  .array(fc.tuple(key, fc.option(scalar)), { maxLength: 6 })
  .chain((pairs) =>
    fc
      .constantFrom('\n', '\n\n', '\n# c\n', '\r\n')
      .map((glue) =>
        pairs
          .map(([name, value], at) =>
            value === null ? `${name}:${glue}  - ${at}${glue}  - n: 1` : `${name}: ${value}`,
          )
          .join(glue),
      ),
  )

const written = randomValue({ withTuples: false, isShared: true }).map(toYaml)
/** A document with a piece put in, taken away or written twice. */
const spoiled = (documents: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(documents, fc.nat(), fc.nat(9), fc.constantFrom('', ...PIECES)).map(([text, at, length, piece]) => {
    const start = text.length === 0 ? 0 : at % text.length
    return text.slice(0, start) + piece + text.slice(start + length)
  })

/** Texts that are YAML, and texts that nearly are. `documents` are mixed in and spoiled. */
export function randomYaml(documents: readonly string[]): fc.Arbitrary<string> {
  const known = documents.length === 0 ? written : fc.oneof(written, fc.constantFrom(...documents))
  return fc.oneof(soup, lines, blocks, spoiled(lines), spoiled(blocks), written, spoiled(known), randomText)
}
