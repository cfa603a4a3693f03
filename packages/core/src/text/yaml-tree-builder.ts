import * as yaml from 'js-yaml'
import type { TextIssue, YamlDocument } from './read-yaml.ts'
import { YamlList, YamlMap, YamlScalar, type YamlEntry, type YamlNode } from './yaml-node.ts'

/** How many nodes all aliases and merge keys of one text may bring in together; a bound against alias bombs. */
export const MAX_ALIASED_NODES = 100_000
/** Deepest nesting of collections, aliases expanded: far above any schema, far below the interpreter's stack. */
export const MAX_DEPTH = 200
/** Below this many keys a scan finds a duplicate faster than an index does. */
const INDEX_FROM_KEYS = 16

/** A collection that is being read. */
interface Frame {
  readonly node: YamlMap | YamlList
  readonly items: YamlNode[]
  readonly entries: YamlEntry[]
  key: YamlScalar | undefined
  /** The key could not be used: its value is read over. */
  skipValue: boolean
  index: Map<string, number> | undefined
  merged: Set<string> | undefined
}

/** Turns the parser's events into a tree: one pass, no copies of the text. Used once per text. */
export class YamlTreeBuilder {
  readonly #text: string
  readonly #issues: TextIssue[] = []
  readonly #frames: Frame[] = []
  readonly #anchors = new Map<string, YamlNode>()
  #root: YamlNode | undefined
  #lastEnd = 0
  #aliasedNodes = 0

  constructor(text: string) {
    this.#text = text
  }

  build(events: readonly yaml.Event[]): YamlDocument {
    let documents = 0
    for (const event of events) {
      if (event.type === yaml.EVENT_ID.DOCUMENT) {
        if (++documents > 1) return this.#refuse('YAML_SEVERAL_DOCUMENTS')
      } else if (event.type === yaml.EVENT_ID.SCALAR) {
        const node = this.#scalar(event)
        this.#remember(event, node)
        this.#lastEnd = node.end
        this.#add(node)
      } else if (event.type === yaml.EVENT_ID.POP) this.#close()
      else if (event.type === yaml.EVENT_ID.ALIAS) {
        this.#lastEnd = event.anchorEnd
        if (!this.#alias(event)) return { root: undefined, issues: this.#issues }
      } else this.#open(event)
    }
    if (this.#root === undefined || (this.#root.kind === 'scalar' && this.#root.plain && isNull(this.#root.text))) {
      return this.#refuse('YAML_EMPTY')
    }
    return { root: this.#root, issues: this.#issues }
  }

  #refuse(code: 'YAML_SEVERAL_DOCUMENTS' | 'YAML_EMPTY'): YamlDocument {
    const at = code === 'YAML_EMPTY' ? 0 : this.#lastEnd
    if (code === 'YAML_EMPTY')
      this.#issue(code, at, at, 'The file holds no content.', 'Write the content or remove the file.')
    else
      this.#issue(
        code,
        at,
        at,
        'The file holds more than one YAML document.',
        'Keep one document per file; remove `---`.',
      )
    return { root: undefined, issues: this.#issues }
  }

  #scalar(event: yaml.ScalarEvent): YamlScalar {
    if (event.valueStart < 0) return new YamlScalar('', true, this.#lastEnd, this.#lastEnd)
    const text = yaml.getScalarValue(this.#text, event)
    switch (event.style) {
      case yaml.SCALAR_STYLE.PLAIN:
        return new YamlScalar(text, true, event.valueStart, event.valueEnd)
      case yaml.SCALAR_STYLE.SINGLE_QUOTED:
      case yaml.SCALAR_STYLE.DOUBLE_QUOTED:
        return new YamlScalar(text, false, event.valueStart - 1, event.valueEnd + 1)
      default: {
        const sign = event.style === yaml.SCALAR_STYLE.LITERAL_BLOCK ? '|' : '>'
        const start = this.#text.indexOf(sign, Math.max(this.#lastEnd, event.tagEnd, event.anchorEnd))
        return new YamlScalar(text, false, start, event.valueEnd)
      }
    }
  }

  #open(event: yaml.MappingEvent | yaml.SequenceEvent): void {
    const items: YamlNode[] = []
    const entries: YamlEntry[] = []
    const isMap = event.type === yaml.EVENT_ID.MAPPING
    const node = isMap ? new YamlMap(entries, event.start, event.start) : new YamlList(items, event.start, event.start)
    this.#remember(event, node)
    if (event.start > this.#lastEnd) this.#lastEnd = event.start
    this.#frames.push({ node, items, entries, key: undefined, skipValue: false, index: undefined, merged: undefined })
  }

  #close(): void {
    const frame = this.#frames.pop()
    if (frame === undefined) return // the end of the document
    // The only write to a node: its end is known last, and a node must exist before an alias inside it can name it.
    const end = Math.min(Math.max(this.#lastEnd, frame.node.start + 1), this.#text.length)
    ;(frame.node as { end: number }).end = end
    this.#lastEnd = end
    this.#add(frame.node)
  }

  #remember(event: yaml.ScalarEvent | yaml.MappingEvent | yaml.SequenceEvent, node: YamlNode): void {
    if (event.anchorStart >= 0) this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), node)
    if (event.tagStart < 0) return
    const tag = this.#text.slice(event.tagStart, event.tagEnd)
    const hint = 'Remove the tag; write a text in quotes.'
    this.#issue('YAML_TAG', event.tagStart, event.tagEnd, `The tag \`${tag}\` is not read here.`, hint)
  }

  /** False when nothing after this may be trusted: the bound is passed. */
  #alias(event: yaml.AliasEvent): boolean {
    const name = this.#text.slice(event.anchorStart, event.anchorEnd)
    const [start, end] = [event.anchorStart - 1, event.anchorEnd]
    const node = this.#anchors.get(name)
    if (node === undefined || this.#frames.some((frame) => frame.node === node)) {
      const why = node === undefined ? `No anchor \`&${name}\` stands before` : `The anchor \`&${name}\` contains`
      this.#issue('YAML_ALIAS', start, end, `${why} the alias \`*${name}\`.`, 'Let the alias name an anchor above it.')
      this.#add(new YamlScalar('', true, start, end))
      return true
    }
    const size = { nodes: 0, depth: 0 }
    measure(node, 1, MAX_ALIASED_NODES - this.#aliasedNodes, size)
    this.#aliasedNodes += size.nodes
    if (this.#aliasedNodes > MAX_ALIASED_NODES || this.#frames.length + size.depth > MAX_DEPTH) {
      return this.#passBound(start, end)
    }
    this.#add(node)
    return true
  }

  #passBound(start: number, end: number): false {
    const text = `The aliases of this file stand for more than ${MAX_ALIASED_NODES} values, or nest deeper than ${MAX_DEPTH}.`
    this.#issue('YAML_EXPANSION', start, end, text, 'Write the content out, or move what repeats into a type.')
    return false
  }

  #add(node: YamlNode): void {
    const frame = this.#frames.at(-1)
    if (frame === undefined) this.#root ??= node
    else if (frame.node.kind === 'list') frame.items.push(node)
    else if (frame.skipValue) frame.skipValue = false
    else if (frame.key === undefined) this.#addKey(frame, node)
    else {
      const key = frame.key
      frame.key = undefined
      if (key.plain && key.text === '<<') this.#merge(frame, node)
      else this.#addEntry(frame, { key, value: node })
      if (this.#lastEnd === key.end) this.#lastEnd = Math.min(key.end + 1, this.#text.length) // a missing value ends behind the colon
    }
  }

  #addKey(frame: Frame, node: YamlNode): void {
    if (node.kind === 'scalar') frame.key = node
    else {
      frame.skipValue = true
      this.#issue(
        'YAML_KEY',
        node.start,
        node.end,
        'A key is a list or a mapping.',
        'Keys are plain words; quote others.',
      )
    }
  }

  #addEntry(frame: Frame, entry: YamlEntry): void {
    const { key } = entry
    const at = this.#position(frame, key.text)
    if (at < 0) {
      frame.index?.set(key.text, frame.entries.length)
      frame.entries.push(entry)
      return
    }
    frame.entries[at] = entry
    if (frame.merged?.delete(key.text) === true) return
    const text = `The key \`${key.text}\` stands twice in one mapping; the last value is used.`
    this.#issue('YAML_DUPLICATE_KEY', key.start, key.end, text, 'Remove the one that is not meant.', 'warning')
  }

  #position(frame: Frame, key: string): number {
    const { entries } = frame
    if (entries.length < INDEX_FROM_KEYS) {
      for (let i = 0; i < entries.length; i++) if ((entries[i] as YamlEntry).key.text === key) return i
      return -1
    }
    frame.index ??= new Map(entries.map((entry, i) => [entry.key.text, i]))
    return frame.index.get(key) ?? -1
  }

  /** Keys that are there already stay; keys that come later replace merged ones in their place. */
  #merge(frame: Frame, source: YamlNode): void {
    const sources = source.kind === 'list' ? source.items : [source]
    for (const from of sources) {
      if (from.kind !== 'map') {
        const text = 'The merge key `<<` takes a mapping or a list of mappings.'
        this.#issue('YAML_ALIAS', from.start, from.end, text, 'Name the anchor of a mapping, or quote the key.')
        continue
      }
      for (const entry of from.entries) {
        if (this.#position(frame, entry.key.text) >= 0) continue
        frame.merged ??= new Set()
        frame.merged.add(entry.key.text)
        frame.index?.set(entry.key.text, frame.entries.length)
        frame.entries.push(entry)
      }
    }
  }

  #issue(
    code: TextIssue['code'],
    start: number,
    end: number,
    text: string,
    hint: string,
    severity: TextIssue['severity'] = 'error',
  ): void {
    this.#issues.push({ code, severity, start, end, text, hint })
  }
}

const isNull = (text: string): boolean => /^(?:~|null|Null|NULL)?$/.test(text)

/** Counts the nodes of a tree, aliases expanded, and its depth; stops behind `limit` nodes. */
function measure(node: YamlNode, depth: number, limit: number, size: { nodes: number; depth: number }): void {
  size.nodes++
  if (depth > size.depth) size.depth = depth
  if (node.kind === 'list')
    for (const item of node.items) if (size.nodes <= limit) measure(item, depth + 1, limit, size)
  if (node.kind === 'map') {
    for (const { value } of node.entries) if (size.nodes <= limit) measure(value, depth + 1, limit, size)
  }
}
