import { createScanner, type JSONScanner } from 'jsonc-parser'
import { TOKEN } from './tokens.ts'

/**
 * Where the value at `path` starts in a JSON text (UTF-16 units); `undefined` when there is none. Of equal keys the last
 * counts, as in reading. The text should be one that `readExtendedJson` accepts.
 */
export function locateJson(text: string, path: readonly (string | number)[]): number | undefined {
  const start = text.startsWith('\ufeff') ? 1 : 0
  const scanner = createScanner(start === 0 ? text : text.slice(1), true)
  scanner.scan()
  const found = locate(scanner, path, 0)
  return found === undefined ? undefined : found + start
}

function locate(scanner: JSONScanner, path: readonly (string | number)[], level: number): number | undefined {
  const step = path[level]
  if (step === undefined) {
    const offset = scanner.getTokenOffset()
    skipValue(scanner)
    return offset
  }
  const open: number = scanner.getToken()
  if (open !== TOKEN.openBrace && open !== TOKEN.openBracket) {
    skipValue(scanner)
    return undefined
  }
  const inObject = open === TOKEN.openBrace
  let found: number | undefined
  scanner.scan()
  for (let index = 0; !isEnd(scanner.getToken()); index++) {
    const matches = inObject ? scanner.getTokenValue() === String(step) : index === Number(step)
    if (inObject) {
      scanner.scan()
      if (scanner.getToken() === TOKEN.colon) scanner.scan()
    }
    if (matches) found = locate(scanner, path, level + 1)
    else skipValue(scanner)
    if (scanner.getToken() === TOKEN.comma) scanner.scan()
  }
  scanner.scan()
  return found
}

const isEnd = (token: number): boolean =>
  token === TOKEN.closeBrace || token === TOKEN.closeBracket || token === TOKEN.end

/** Moves behind the value that the scanner stands on. */
function skipValue(scanner: JSONScanner): void {
  let depth = 0
  do {
    const token: number = scanner.getToken()
    if (token === TOKEN.end) return
    if (token === TOKEN.openBrace || token === TOKEN.openBracket) depth++
    if (token === TOKEN.closeBrace || token === TOKEN.closeBracket) depth--
    scanner.scan()
  } while (depth > 0)
}
