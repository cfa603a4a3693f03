import { compilePcre } from '@stage0/bson-schema'

/** Bounds of a text in code points, as a schema gives them. */
export interface TextBounds {
  readonly min: number
  readonly max: number
}

/** Beyond this no example is made longer. */
const MAX_EXAMPLE_CHARACTERS = 1_000
/** More often than asked for: what unlimited repeats are tried with. */
const EXTRA_REPEATS = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512]

/**
 * A text that a pattern and bounds accept, or the nearest that could be found. Patterns are read loosely (first
 * alternative, fewest repeats); a candidate counts only when the compiled pattern accepts it.
 */
export function sampleText(pattern: string | undefined, { min, max }: TextBounds): string {
  const fits = (text: string): boolean => text.length >= min && text.length <= max
  const plain = 'text'.padEnd(Math.min(min, MAX_EXAMPLE_CHARACTERS), 'x').slice(0, Math.max(0, Math.min(max, 4 + min)))
  if (pattern === undefined) return plain
  const compiled = compilePcre(pattern)
  if (!compiled.ok) return plain
  const { regex } = compiled.value
  let nearest: string | undefined
  for (const candidate of candidates(pattern, plain)) {
    if (!regex.test(candidate)) continue
    if (fits(candidate)) return candidate
    nearest ??= candidate
  }
  return nearest ?? plain
}

function* candidates(pattern: string, plain: string): Generator<string> {
  yield plain
  for (const extra of EXTRA_REPEATS) {
    const text = new PatternSampler(pattern, extra).sample()
    if (text.length > MAX_EXAMPLE_CHARACTERS) return
    yield text
  }
}

/** Tried in this order for a class or an escape: letters and digits read best. */
const CHARACTERS = [
  'a',
  'A',
  '1',
  '0',
  ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)),
  '\t',
  '\n',
  'é',
]

class PatternSampler {
  private readonly pattern: string
  private readonly extra: number
  private at = 0

  constructor(pattern: string, extra: number) {
    this.pattern = pattern
    this.extra = extra
  }

  sample(): string {
    return this.alternatives()
  }

  /** The first alternative; the others are read over. */
  private alternatives(): string {
    const first = this.sequence()
    while (this.pattern[this.at] === '|') {
      this.at++
      this.sequence()
    }
    return first
  }

  private sequence(): string {
    let text = ''
    while (this.at < this.pattern.length && this.pattern[this.at] !== '|' && this.pattern[this.at] !== ')') {
      const atom = this.atom()
      text += atom.repeat(Math.min(this.repeats(), MAX_EXAMPLE_CHARACTERS))
      if (text.length > MAX_EXAMPLE_CHARACTERS) break
    }
    return text
  }

  private atom(): string {
    const char = this.pattern[this.at++] as string
    if (char === '^' || char === '$') return ''
    if (char === '.') return 'a'
    if (char === '(') return this.group()
    if (char === '[') return this.characterClass()
    if (char === '\\') return this.escape()
    return char
  }

  private group(): string {
    const kind = /^\?(?:[:>]|<?[=!]|P?<\w+>|'\w+'|[a-z-]*:?)/.exec(this.pattern.slice(this.at))?.[0] ?? ''
    this.at += kind.length
    const inner = this.alternatives()
    this.at++
    return /^\?<?[=!]$/.test(kind) ? '' : inner
  }

  private characterClass(): string {
    const start = this.at - 1
    if (this.pattern[this.at] === '^') this.at++
    if (this.pattern[this.at] === ']') this.at++
    for (; this.at < this.pattern.length && this.pattern[this.at] !== ']'; this.at++) {
      if (this.pattern[this.at] === '\\') this.at++
    }
    this.at++
    return oneOf(this.pattern.slice(start, this.at))
  }

  private escape(): string {
    const char = this.pattern[this.at++] ?? ''
    if (/[bBAzZG]/.test(char)) return ''
    return /[a-zA-Z]/.test(char) ? oneOf(`\\${char}`) : char
  }

  private repeats(): number {
    const quantifier = /^(?:[*+?]|\{(\d+)(,\d*)?\})[?+]?/.exec(this.pattern.slice(this.at))
    if (quantifier === null) return 1
    this.at += quantifier[0].length
    const [text, from, to] = quantifier
    if (text.startsWith('?')) return Math.min(1, this.extra)
    if (text.startsWith('*')) return this.extra
    if (text.startsWith('+')) return 1 + this.extra
    const most = to === undefined ? Number(from) : to === ',' ? Infinity : Number(to.slice(1))
    return Math.min(Number(from) + this.extra, most)
  }
}

function oneOf(source: string): string {
  const compiled = compilePcre(`^${source}$`)
  if (!compiled.ok) return 'a'
  return CHARACTERS.find((char) => compiled.value.regex.test(char)) ?? 'a'
}
