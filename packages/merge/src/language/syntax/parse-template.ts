import { LIMITS } from '../limits.ts'
import { NESTED_LOOPS } from '../hints/instead.ts'
import { notParsable, unsupported } from '../refused.ts'
import type { Source } from '../source.ts'
import { lex } from './lex.ts'
import { parseTuple } from './parse-atom.ts'
import { parseOr, readerOf } from './parse-expression.ts'
import { parseTarget } from './parse-target.ts'
import type { Reader } from './reader.ts'
import { nameOfToken, type Token } from './token.ts'
import { Tokens } from './tokens.ts'
import type { Body, Branch, Expression, Statement } from './tree.ts'
import { refusalOfTag } from './unsupported-tags.ts'

/** A block that is open: what may continue or end it, and where it began. */
interface Open {
  readonly tag: string
  readonly at: number
  readonly ends: readonly string[]
}

/** Reads a whole template. */
export function parseTemplate(source: Source): Body {
  return new TemplateParser(source).parse()
}

class TemplateParser {
  readonly #source: Source
  readonly #reader: Reader
  readonly #tokens: Tokens
  #depth = 0
  /** Blocks of `for` around what is read now. */
  #loops = 0

  constructor(source: Source) {
    this.#source = source
    this.#tokens = new Tokens(lex(source.text))
    this.#reader = readerOf(this.#tokens)
  }

  parse(): Body {
    return this.#parseBody(undefined)
  }

  /** Statements up to a tag that ends the block that is open, the name of that tag not taken; or up to the end of the template. */
  #parseBody(open: Open | undefined): Body {
    const body: Statement[] = []
    for (;;) {
      const token = this.#tokens.next()
      if (token.kind === 'end') {
        if (open !== undefined) throw this.#notClosed(open)
        return body
      }
      if (token.kind === 'data') body.push({ kind: 'text', text: token.text })
      else if (token.kind === 'output') body.push(this.#parseOutput())
      else {
        const name = this.#tokens.current
        if (name.kind === 'name' && open?.ends.includes(name.text) === true) return body
        body.push(this.#parseTag(open))
      }
    }
  }

  #notClosed({ tag, at, ends }: Open): Error {
    const wanted = ends.at(-1) ?? ''
    return notParsable(
      at,
      `The \`${tag}\` of line ${this.#source.lineOf(at)} is not closed`,
      `It ends with \`{% ${wanted} %}\`.`,
    )
  }

  #parseOutput(): Statement {
    const from = this.#tokens.current.at
    const value = this.#parseValue()
    const end = this.#tokens.expect('output-end', undefined, 'The end of the tag, `}}`,')
    return { kind: 'output', value, written: this.#source.text.slice(from, end.at).trim() }
  }

  #parseTag(open: Open | undefined): Statement {
    const name = this.#tokens.expect('name', undefined, 'The name of a tag')
    switch (name.text) {
      case 'for':
        return this.#nested(name, () => this.#parseFor(name))
      case 'if':
        return this.#nested(name, () => this.#parseIf(name))
      case 'set':
        return this.#parseSet(name)
      default:
        throw refusalOfTag(name, open === undefined ? undefined : { ...open, line: this.#source.lineOf(open.at) })
    }
  }

  #nested<T>(name: Token, read: () => T): T {
    if (++this.#depth > LIMITS.blockDepth) throw notParsable(name.at, `More than ${LIMITS.blockDepth} levels of blocks`)
    const found = read()
    this.#depth--
    return found
  }

  #parseIf(name: Token): Statement {
    const branches: Branch[] = []
    do {
      const condition = this.#parseCondition()
      this.#endOfTag()
      const body = this.#parseBody({ tag: 'if', at: name.at, ends: ['elif', 'else', 'endif'] })
      branches.push({ condition, body })
    } while (this.#tokens.skip('name', 'elif'))
    const otherwise = this.#parseElse('if', name.at)
    return { kind: 'if', branches, otherwise }
  }

  #parseFor(name: Token): Statement {
    this.#loops++
    const target = parseTarget(this.#reader, true)
    this.#tokens.expect('name', 'in', '`in`')
    const over = this.#parseCondition()
    const condition = this.#tokens.skip('name', 'if') ? this.#reader.expression() : undefined
    if (this.#tokens.is('name', 'recursive')) {
      throw unsupported(this.#tokens.current.at, 'A recursive `for` is not part of the language here', NESTED_LOOPS)
    }
    this.#endOfTag()
    const body = this.#parseBody({ tag: 'for', at: name.at, ends: ['else', 'endfor'] })
    const otherwise = this.#parseElse('for', name.at)
    this.#loops--
    return { kind: 'for', at: name.at, target, over, condition, body, otherwise }
  }

  /** The name that ended the body is next: `else` with its body, or the end. */
  #parseElse(tag: 'if' | 'for', at: number): Body {
    const end = `end${tag}`
    const hasElse = this.#tokens.skip('name', 'else')
    if (hasElse) this.#endOfTag()
    const otherwise = hasElse ? this.#parseBody({ tag, at, ends: [end] }) : []
    this.#tokens.expect('name', end, `\`${end}\``)
    this.#endOfTag()
    return otherwise
  }

  #parseSet(name: Token): Statement {
    const target = parseTarget(this.#reader, this.#loops > 0)
    if (!this.#tokens.is('operator', '=')) {
      if (this.#tokens.is('block-end') || this.#tokens.is('operator', '|')) {
        throw unsupported(
          name.at,
          'A `set` of everything up to `endset` is not part of the language here',
          'Write `{% set name = value %}`.',
        )
      }
      throw notParsable(
        this.#tokens.current.at,
        `A \`=\` is expected here, and there is ${nameOfToken(this.#tokens.current)}`,
      )
    }
    this.#tokens.next()
    const value = this.#parseValue()
    this.#endOfTag()
    return { kind: 'set', target, value }
  }

  #parseValue(): Expression {
    return parseTuple(this.#reader, () => this.#reader.expression())
  }

  /** A value that is no choice, so that an `if` behind it is not taken into it. */
  #parseCondition(): Expression {
    return parseTuple(this.#reader, () => parseOr(this.#reader))
  }

  #endOfTag(): void {
    this.#tokens.expect('block-end', undefined, 'The end of the tag, `%}`,')
  }
}
