export type TextLanguage = 'json' | 'yaml' | 'text'
export type TokenKind = 'key' | 'string' | 'number' | 'literal' | 'comment' | 'sign' | 'plain'

/** A piece of a line that is shown in one colour. */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
}

const JSON_PARTS =
  /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\]|\\.)*"?)|(?<number>-?\d[\d.eE+-]*)|(?<literal>\b(?:true|false|null)\b)|(?<comment>\/\/.*$)|(?<sign>[{}[\],:])/gu
const YAML_PARTS =
  /(?<comment>(?:^|(?<=\s))#.*$)|(?<key>(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s#"'{}[\],&*!|>-][^#:{}[\],]*?)(?=\s*:(?:\s|$)))|(?<string>"(?:[^"\\]|\\.)*"?|'[^']*'?)|(?<literal>(?<=[\s[,{:-]|^)(?:true|false|null|~)(?=[\s\],}]|$))|(?<number>(?<=[\s[,{:]|^)-?\d+(?:\.\d+)?(?=[\s\],}]|$))|(?<sign>(?<=^\s*)-(?=\s|$)|[{}[\],:|>])/gu

/**
 * The pieces of one line. It goes by the line alone: enough for colours, not a parser; the text of all pieces together is
 * the line.
 */
export function tokensOf(line: string, language: TextLanguage): readonly Token[] {
  if (language === 'text' || line.length > 2000) return [{ kind: 'plain', text: line }]
  const tokens: Token[] = []
  let at = 0
  for (const match of line.matchAll(language === 'json' ? JSON_PARTS : YAML_PARTS)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? []
    if (match[0] === '' || kind === undefined) continue
    if (match.index > at) tokens.push({ kind: 'plain', text: line.slice(at, match.index) })
    tokens.push({ kind: kind as TokenKind, text: match[0] })
    at = match.index + match[0].length
  }
  if (at < line.length) tokens.push({ kind: 'plain', text: line.slice(at) })
  return tokens
}
