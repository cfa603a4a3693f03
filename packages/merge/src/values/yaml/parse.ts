import { YamlFault } from './cursor.ts'
import type { MappingNode, SequenceNode, YamlNode } from './nodes.ts'
import { Scanner } from './scanner.ts'
import { DEFAULT_HANDLES, handlesOf } from './tags.ts'
import type { Token, TokenKind } from './tokens.ts'

/** Deepest nesting of collections. */
export const MAX_DEPTH = 200

/** The one document of a text that begins at `offset`, `undefined` where there is none; a `YamlFault` where it is not YAML. */
export function parseDocument(text: string, offset: number): YamlNode | undefined {
  return new Parser(new Scanner(text, offset)).document()
}

/** Nodes from tokens. Once for each text. */
class Parser {
  readonly #scanner: Scanner
  readonly #anchors = new Map<string, YamlNode>()
  /** Collections that are being read: an alias to one would never end. */
  readonly #open = new Set<YamlNode>()
  #handles: ReadonlyMap<string, string> = DEFAULT_HANDLES

  constructor(scanner: Scanner) {
    this.#scanner = scanner
  }

  document(): YamlNode | undefined {
    if (this.#is('end')) return undefined
    const isExplicit = this.#is('directive', '---')
    if (isExplicit) this.#documentStart()
    const isEmpty = isExplicit && this.#is('directive', '---', '...', 'end')
    const root = isEmpty ? empty(this.#scanner.peek().start) : this.#node(true)
    while (this.#is('...')) this.#scanner.take()
    const next = this.#scanner.peek()
    if (next.kind === 'end') return root
    if (next.kind === '---' || next.kind === 'directive') {
      throw new YamlFault('The file holds more than one document; keep one', next.start)
    }
    throw new YamlFault(
      `${NAMES[next.kind]} stands behind the end of the document; look at the indentation`,
      next.start,
    )
  }

  #documentStart(): void {
    const directives: Token[] = []
    while (this.#is('directive')) directives.push(this.#scanner.take())
    this.#handles = handlesOf(directives)
    if (!this.#is('---'))
      throw new YamlFault('Behind directives the document begins with `---`', this.#scanner.peek().start)
    this.#scanner.take()
  }

  #is(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.#scanner.peek().kind)
  }

  /** `isBlock`: blocks may begin here. `mayBeFlush`: a list may stand at the indentation of its key. */
  #node(isBlock: boolean, mayBeFlush = false): YamlNode {
    if (this.#is('alias')) return this.#alias(this.#scanner.take())
    const { anchor, tag, end } = this.#properties()
    const { kind, start, text, isPlain = false } = this.#scanner.peek()
    if (kind === 'scalar') {
      this.#scanner.take()
      // A lone `!` asks for what a text without quotes would be.
      const isImplicit = tag === '!' || (tag === '' && isPlain)
      return this.#named(anchor, { kind: 'scalar', tag: tag === '!' ? '' : tag, start, text, isPlain: isImplicit })
    }
    const begin = { tag: tag === '!' ? '' : tag, start }
    const isFlush = mayBeFlush && kind === '-'
    if (isFlush || kind === '[' || (isBlock && kind === 'block sequence')) {
      const node = this.#named(anchor, { kind: 'sequence', ...begin, items: [] })
      return this.#inside(node, () => (kind === '[' ? this.#flowSequence(node) : this.#blockSequence(node, isFlush)))
    }
    if (kind === '{' || (isBlock && kind === 'block mapping')) {
      const node = this.#named(anchor, { kind: 'mapping', ...begin, pairs: [] })
      return this.#inside(node, () => (kind === '{' ? this.#flowMapping(node) : this.#blockMapping(node)))
    }
    if (end === undefined) throw new YamlFault(`A value must stand here, not ${NAMES[kind].toLowerCase()}`, start)
    return this.#named(anchor, { kind: 'scalar', tag: begin.tag, start: end, text: '', isPlain: begin.tag === '' })
  }

  /** An anchor and a tag in either order; `end` only where there is one. */
  #properties(): { readonly anchor: Token | undefined; readonly tag: string; readonly end: number | undefined } {
    let [anchor, tag]: (Token | undefined)[] = []
    if (this.#is('anchor')) anchor = this.#scanner.take()
    if (this.#is('tag')) tag = this.#scanner.take()
    if (anchor === undefined && this.#is('anchor')) anchor = this.#scanner.take()
    if (anchor !== undefined && this.#anchors.has(anchor.text)) {
      throw new YamlFault(`The anchor \`&${anchor.text}\` stands twice`, anchor.start)
    }
    const end = Math.max(anchor?.end ?? -1, tag?.end ?? -1)
    return { anchor, tag: tag === undefined ? '' : this.#wholeTag(tag), end: end < 0 ? undefined : end }
  }

  #wholeTag({ handle, text, start }: Token): string {
    if (handle === undefined) return text
    const prefix = this.#handles.get(handle)
    if (prefix === undefined) throw new YamlFault(`No \`%TAG\` line tells what \`${handle}\` is`, start)
    return prefix + text
  }

  #named<T extends YamlNode>(anchor: Token | undefined, node: T): T {
    if (anchor !== undefined) this.#anchors.set(anchor.text, node)
    return node
  }

  #alias({ text, start }: Token): YamlNode {
    const node = this.#anchors.get(text)
    if (node === undefined) throw new YamlFault(`No anchor \`&${text}\` stands before the alias \`*${text}\``, start)
    if (this.#open.has(node)) throw new YamlFault(`The alias \`*${text}\` stands inside of its own anchor`, start)
    return node
  }

  #inside<T extends YamlNode>(node: T, read: () => void): T {
    if (this.#open.size >= MAX_DEPTH)
      throw new YamlFault(`The text is nested deeper than ${MAX_DEPTH} levels`, node.start)
    this.#open.add(node)
    read()
    this.#open.delete(node)
    return node
  }

  #blockSequence({ items, start }: SequenceNode, isFlush: boolean): void {
    if (!isFlush) this.#scanner.take()
    while (this.#is('-')) {
      const { end } = this.#scanner.take()
      const isEmpty = this.#is('-', 'block end') || (isFlush && this.#is('?', ':'))
      items.push(isEmpty ? empty(end) : this.#node(true))
    }
    if (!isFlush) this.#closeBlock('list', start)
  }

  #blockMapping({ pairs, start }: MappingNode): void {
    this.#scanner.take()
    while (this.#is('?')) {
      const { end } = this.#scanner.take()
      const key = this.#blockPart(end)
      const value = this.#is(':') ? this.#blockPart(this.#scanner.take().end) : empty(this.#scanner.peek().start)
      pairs.push([key, value])
    }
    this.#closeBlock('mapping', start)
  }

  #blockPart(end: number): YamlNode {
    return this.#is('?', ':', 'block end') ? empty(end) : this.#node(true, true)
  }

  #closeBlock(what: string, start: number): void {
    const { kind, start: at } = this.#scanner.peek()
    if (kind === 'block end') this.#scanner.take()
    else {
      const where = start === at ? 'a value must stand' : `the ${what} goes on or ends; look at the indentation`
      throw new YamlFault(`${NAMES[kind]} stands where ${where}`, at)
    }
  }

  #flowSequence({ items, start }: SequenceNode): void {
    this.#flow(start, ']', () => {
      if (!this.#is('?')) return items.push(this.#node(false))
      const pair = this.#pair(']')
      return items.push({ kind: 'mapping', tag: '', start: pair[0].start, pairs: [pair] })
    })
  }

  #flowMapping({ pairs, start }: MappingNode): void {
    this.#flow(start, '}', () => {
      if (this.#is('?')) return pairs.push(this.#pair('}'))
      const key = this.#node(false)
      return pairs.push([key, empty(this.#scanner.peek().start)])
    })
  }

  /** What stands between brackets, with commas; one more comma may stand at the end. */
  #flow(start: number, close: ']' | '}', entry: () => void): void {
    const open = this.#scanner.take()
    for (let isFirst = true; !this.#is(close); isFirst = false) {
      if (!isFirst) {
        const { kind, start: at } = this.#scanner.peek()
        if (kind === 'end') throw new YamlFault(`\`${open.kind}\` is not closed`, start)
        if (kind !== ',')
          throw new YamlFault(`\`,\` or \`${close}\` must stand here, not ${NAMES[kind].toLowerCase()}`, at)
        this.#scanner.take()
        if (this.#is(close)) break
      }
      entry()
    }
    this.#scanner.take()
  }

  #pair(close: ']' | '}'): readonly [YamlNode, YamlNode] {
    const mark = this.#scanner.take()
    const key = this.#is(':', ',', close) ? empty(mark.end) : this.#node(false)
    if (!this.#is(':')) return [key, empty(this.#scanner.peek().start)]
    const colon = this.#scanner.take()
    return [key, this.#is(',', close) ? empty(colon.end) : this.#node(false)]
  }
}

const empty = (start: number): YamlNode => ({ kind: 'scalar', tag: '', start, text: '', isPlain: true })

const NAMES: Readonly<Record<TokenKind, string>> = {
  directive: 'A directive',
  '---': '`---`',
  '...': '`...`',
  end: 'The end of the file',
  'block sequence': 'A list',
  'block mapping': 'A mapping',
  'block end': 'The end of a block',
  '[': '`[`',
  ']': '`]`',
  '{': '`{`',
  '}': '`}`',
  ',': '`,`',
  '-': 'An item of a list',
  '?': 'A key',
  ':': '`:`',
  alias: 'An alias',
  anchor: 'An anchor',
  tag: 'A tag',
  scalar: 'A text',
}
