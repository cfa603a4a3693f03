import { fail, ok, type MergeCode, type Place, type Problem, type Result } from '../problem.ts'
import { identityOf, type Key, type Value } from '../value.ts'
import { Constructor } from './yaml/construct.ts'
import { YamlFault } from './yaml/fault.ts'
import type { YamlNode } from './yaml/nodes.ts'
import { parseDocument } from './yaml/parse.ts'

/** One YAML document: what it says, and where it says it. */
export interface YamlDocument {
  readonly value: Value
  /**
   * Where the value at a path, or its key, is written; of a path that is not there the nearest part that is. A merged value
   * is where it was written first. `undefined` for an empty file.
   */
  placeOf(path: readonly (Key | number)[], what?: 'key' | 'value'): Place | undefined
  /** Keys that stand twice in one mapping: the last one counts. */
  readonly repeatedKeys: readonly RepeatedKey[]
}

export interface RepeatedKey {
  readonly key: Key
  readonly at: Place
  readonly first: Place
}

/**
 * What YAML lets stand in no file, or what versions 1.1 and 1.2 read in two ways: U+0085, U+2028, U+2029, and U+000D alone, break lines
 * in one of them only.
 */
const NOT_ALLOWED = /\r(?!\n)|[^\t\n\r -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u
const BYTE_ORDER_MARK = '\ufeff'

/**
 * Reads one document as PyYAML's `safe_load` does, with the rules of YAML 1.1: `yes` is true, `010` is 8, `8:30` is 510, of equal
 * keys the last counts, an empty text is null. Aliases are the object that they name.
 *
 * Stricter in this: what stands in brackets or goes on in quotes is indented (YAML 1.2, which the library reads), nesting deeper than 200 levels, an alias inside of its own anchor, aliases that stand for more than a
 * million values, integers of more than 4,300 digits, halves of characters, `!!set` and `!!binary` are problems.
 * Never throws on any text; all problems have `code` and the place.
 */
export function readYaml(
  text: string,
  file: string,
  code: MergeCode = 'SPECIFICATION_NOT_PARSABLE',
): Result<YamlDocument> {
  const lines = new Lines(text, file)
  const problem = ({ message, offset }: YamlFault): Problem => ({ code, message: `${message}.`, at: lines.at(offset) })
  const forbidden = NOT_ALLOWED.exec(text)
  if (forbidden !== null) {
    const name = `U+${(forbidden[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    return fail(
      problem(
        new YamlFault(
          `The character ${name} may not stand in YAML; write it as an escape in double quotes`,
          forbidden.index,
        ),
      ),
    )
  }
  try {
    const tree = parseDocument(text)
    const made = tree && new Constructor(tree)
    return ok(new ReadDocument(made?.construct() ?? null, tree?.root, made, lines))
  } catch (thrown) {
    if (!(thrown instanceof YamlFault)) throw thrown
    return fail(problem(thrown))
  }
}

class ReadDocument implements YamlDocument {
  readonly value: Value
  readonly #root: YamlNode | undefined
  readonly #made: Constructor | undefined
  readonly #lines: Lines

  constructor(value: Value, root: YamlNode | undefined, made: Constructor | undefined, lines: Lines) {
    this.value = value
    this.#root = root
    this.#made = made
    this.#lines = lines
  }

  placeOf(path: readonly (Key | number)[], what: 'key' | 'value' = 'value'): Place | undefined {
    let at = this.#root === undefined ? undefined : { key: this.#root, value: this.#root }
    let isWhole = true
    for (const step of path) {
      const next = at && this.#step(at.value, step)
      isWhole = next !== undefined
      if (next === undefined) break
      at = next
    }
    return at && this.#lines.at((isWhole && what === 'value' ? at.value : at.key).start)
  }

  get repeatedKeys(): readonly RepeatedKey[] {
    return (this.#made?.repeatedKeys ?? []).map(({ key, first, last }) => ({
      key,
      at: this.#lines.at(last.start),
      first: this.#lines.at(first.start),
    }))
  }

  /** An item of a list has no key of its own. */
  #step(node: YamlNode, step: Key | number): { readonly key: YamlNode; readonly value: YamlNode } | undefined {
    if (node.kind === 'mapping') {
      const pair = this.#made?.membersOf(node).get(identityOf(step))
      return pair && { key: pair[0], value: pair[1] }
    }
    const item = node.kind === 'sequence' ? node.items[Number(step)] : undefined
    return item && { key: item, value: item }
  }
}

/** Offsets of a text as lines and columns. */
class Lines {
  readonly #text: string
  readonly #file: string
  #starts: readonly number[] | undefined

  constructor(text: string, file: string) {
    this.#text = text
    this.#file = file
  }

  at(offset: number): Place {
    this.#starts ??= [0, ...Array.from(this.#text.matchAll(/\r\n|\n|\r/g), ({ 0: end, index }) => index + end.length)]
    let [low, high] = [0, this.#starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    const start = this.#starts[low] ?? 0
    const skipped = low === 0 && this.#text.startsWith(BYTE_ORDER_MARK) ? 1 : 0
    return { file: this.#file, line: low + 1, column: Math.max(offset - start - skipped, 0) + 1 }
  }
}
