import { YamlFault } from './cursor.ts'
import type { Token } from './tokens.ts'

/** The tags of YAML itself begin so. */
export const CORE = 'tag:yaml.org,2002:'
export const DEFAULT_HANDLES: ReadonlyMap<string, string> = new Map([
  ['!', '!'],
  ['!!', CORE],
])

/** What the directives of a document say: a version 1.x at most once, handles of tags, anything else is read over. */
export function handlesOf(directives: readonly Token[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>()
  let hasVersion = false
  for (const { text, start } of directives) {
    const [name, first = '', second = '', ...rest] = text.split(/ +/)
    if (name === '%YAML') {
      const version = /^(\d+)\.\d+$/.exec(first)
      if (version?.[1] !== '1' || second !== '' || hasVersion) {
        throw new YamlFault('The version of YAML stands once, as `%YAML 1.1`', start)
      }
      hasVersion = true
    } else if (name === '%TAG') {
      if (!/^!(?:[0-9A-Za-z_-]*!)?$/.test(first) || second === '' || rest.length > 0 || given.has(first)) {
        throw new YamlFault('A handle of tags stands once, as `%TAG !name! prefix`', start)
      }
      given.set(first, second)
    }
  }
  return new Map([...DEFAULT_HANDLES, ...given])
}
