const SPACE = /[ \t\r\n]*/y
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)/y
const PLAIN = /[^"\\\u0000-\u001f]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** What may stand next: a value, a value or the end of a list, a key, a key or the end of a mapping, a colon, what follows a value. */
type Awaited = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'next'

/**
 * Where a text stops being JSON, as an offset in UTF-16 units; its length where only the rest is missing, `undefined` where it is JSON.
 * What the runtime says of it differs from version to version.
 */
export function jsonFault(text: string): number | undefined {
  const open: string[] = []
  let awaited: Awaited = 'value'
  let at = endOf(SPACE, text, 0)
  while (at < text.length) {
    const isWhole: boolean = awaited === 'next' && open.length === 0
    const next: Awaited | undefined = isWhole ? undefined : after(awaited, text.charAt(at), open)
    const end = next === undefined ? at : tokenEnd(text, at)
    if (next === undefined || end === at) return at
    awaited = next
    at = endOf(SPACE, text, end)
  }
  return awaited === 'next' && open.length === 0 ? undefined : at
}

/** What may follow a token that begins like this, `undefined` where it may not stand here. */
function after(awaited: Awaited, first: string, open: string[]): Awaited | undefined {
  const wantsValue = awaited === 'value' || awaited === 'first-value'
  switch (first) {
    case '"':
      return wantsValue ? 'next' : awaited === 'key' || awaited === 'first-key' ? 'colon' : undefined
    case '[':
    case '{':
      if (!wantsValue) return undefined
      open.push(first)
      return first === '[' ? 'first-value' : 'first-key'
    case ':':
      return awaited === 'colon' ? 'value' : undefined
    case ',':
      if (awaited !== 'next') return undefined
      return open.at(-1) === '[' ? 'value' : 'key'
    case ']':
      return (awaited === 'first-value' || awaited === 'next') && open.pop() === '[' ? 'next' : undefined
    case '}':
      return (awaited === 'first-key' || awaited === 'next') && open.pop() === '{' ? 'next' : undefined
    default:
      return wantsValue ? 'next' : undefined
  }
}

/** The end of the token that begins at an offset; the offset itself where none does. */
function tokenEnd(text: string, at: number): number {
  const first = text.charAt(at)
  if ('[]{},:'.includes(first)) return at + 1
  if (first !== '"') return endOf(SCALAR, text, at)
  let end = endOf(PLAIN, text, at + 1)
  while (text.charAt(end) === '\\') {
    const escaped = endOf(ESCAPE, text, end)
    if (escaped === end) return at
    end = endOf(PLAIN, text, escaped)
  }
  return text.charAt(end) === '"' ? end + 1 : at
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}
