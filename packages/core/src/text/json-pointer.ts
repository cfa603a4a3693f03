/** A JSON pointer (RFC 6901) from its unescaped parts; no parts give `''`, the whole document. */
export function jsonPointer(path: readonly (string | number)[]): string {
  let pointer = ''
  for (const part of path) pointer += `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`
  return pointer
}
