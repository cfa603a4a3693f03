/** Code points as ranges, both ends included; sorted and disjoint. */
export type CodeSet = readonly (readonly [from: number, to: number])[]

export const MAX_CODE_POINT = 0x10ffff

export function normalised(ranges: CodeSet): CodeSet {
  const result: [number, number][] = []
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else result.push([from, to])
  }
  return result
}

export function complement(ranges: CodeSet): CodeSet {
  const result: [number, number][] = []
  let next = 0
  for (const [from, to] of normalised(ranges)) {
    if (from > next) result.push([next, from - 1])
    next = to + 1
  }
  if (next <= MAX_CODE_POINT) result.push([next, MAX_CODE_POINT])
  return result
}

const codes = (text: string): CodeSet => [...text].map((c) => [c.codePointAt(0) as number, c.codePointAt(0) as number])

const DIGIT: CodeSet = [[0x30, 0x39]]
const UPPER: CodeSet = [[0x41, 0x5a]]
const LOWER: CodeSet = [[0x61, 0x7a]]
const WORD: CodeSet = [...DIGIT, ...UPPER, ...LOWER, [0x5f, 0x5f]]
const SPACE: CodeSet = [
  [9, 13],
  [32, 32],
]
const HORIZONTAL: CodeSet = [...codes('\t \u00a0\u1680\u180e\u202f\u205f\u3000'), [0x2000, 0x200a]]
const VERTICAL: CodeSet = [...codes('\u0085\u2028\u2029'), [10, 13]]

/** `\d`, `\w` ...: ASCII only, since the server does not ask for Unicode properties. Capitals are the complements. */
export const ESCAPE_SETS: Readonly<Record<string, CodeSet>> = {
  d: DIGIT,
  D: complement(DIGIT),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
  h: HORIZONTAL,
  H: complement(HORIZONTAL),
  v: VERTICAL,
  V: complement(VERTICAL),
}

/** `[:alpha:]` ...: ASCII only, for the same reason. */
export const POSIX_SETS: Readonly<Record<string, CodeSet>> = {
  alnum: [...DIGIT, ...UPPER, ...LOWER],
  alpha: [...UPPER, ...LOWER],
  ascii: [[0, 127]],
  blank: codes('\t '),
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: DIGIT,
  graph: [[33, 126]],
  lower: LOWER,
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: SPACE,
  upper: UPPER,
  word: WORD,
  xdigit: [...DIGIT, [0x41, 0x46], [0x61, 0x66]],
}

let caseGroups: Map<number, number[]> | undefined

/** Letters beyond this plane have no case. */
const LAST_CASED = 0x1ffff

/** Groups of code points that differ in case only, from the single-character case mappings. */
function groups(): Map<number, number[]> {
  if (caseGroups) return caseGroups
  const byKey = new Map<string, number[]>()
  for (let point = 0; point <= LAST_CASED; point++) {
    // Dotted capital I and dotless i fold to themselves.
    if (point === 0x130 || point === 0x131 || (point >= 0xd800 && point <= 0xdfff)) continue
    const text = String.fromCodePoint(point)
    const upper = single(text.toUpperCase()) ?? text
    const key = single(upper.toLowerCase()) ?? upper
    if (key === text && upper === text) continue
    const group = byKey.get(key)
    if (group?.includes(point)) continue
    if (group) group.push(point)
    else byKey.set(key, key === text ? [point] : [key.codePointAt(0) as number, point])
  }
  caseGroups = new Map()
  for (const group of byKey.values()) for (const point of group) caseGroups.set(point, group)
  return caseGroups
}

const single = (text: string): string | undefined =>
  String.fromCodePoint(text.codePointAt(0) as number) === text ? text : undefined

/** Up to this many code points are looked up one by one. */
const FEW_POINTS = 256

/** The set with every code point that differs from one of it in case only. */
export function withBothCases(set: CodeSet): CodeSet {
  const extra: [number, number][] = []
  const size = set.reduce((sum, [from, to]) => sum + to - from + 1, 0)
  if (size <= FEW_POINTS) {
    for (const [from, to] of set) {
      for (let point = from; point <= to; point++) {
        for (const other of groups().get(point) ?? []) extra.push([other, other])
      }
    }
  } else {
    for (const [point, group] of groups()) {
      if (set.some(([from, to]) => point >= from && point <= to)) for (const other of group) extra.push([other, other])
    }
  }
  return normalised([...set, ...extra])
}

const hex = (point: number): string => `\\u{${point.toString(16)}}`
const showPoint = (point: number): string => {
  const text = point < 0x7f && point > 0x20 ? String.fromCharCode(point) : ''
  return /[A-Za-z0-9_ ]/.test(text) ? text : hex(point)
}

/** The inside of a character class of JavaScript (flag `u`). */
export const showRanges = (set: CodeSet): string =>
  set.map(([from, to]) => (from === to ? showPoint(from) : `${showPoint(from)}-${showPoint(to)}`)).join('')

/** A set as an expression that matches one code point of it. */
export function showSet(set: CodeSet): string {
  const [only] = set
  if (only === undefined) return '[]'
  return set.length === 1 && only[0] === only[1] ? showPoint(only[0]) : `[${showRanges(set)}]`
}
