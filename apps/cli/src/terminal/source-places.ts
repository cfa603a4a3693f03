import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/** A place as a stack trace names it: `file:///.../chunks/plan-x.js:12:34`. */
const PLACE = /(file:\/\/\S+?\.js):(\d+):(\d+)/g

type MapPayload = ConstructorParameters<typeof SourceMap>[0]

/**
 * A stack trace with the places in the sources instead of those in what was built from them, where a map beside the built
 * file tells. Maps are read only here: to load them with the code would cost each start what a defect needs once.
 */
export function withSourcePlaces(stack: string): string {
  const maps = new Map<string, SourceMap | undefined>()
  return stack.replace(PLACE, (place, url: string, line: string, column: string) => {
    if (!maps.has(url)) maps.set(url, mapOf(url))
    const found = maps.get(url)?.findEntry(Number(line) - 1, Number(column) - 1)
    if (found === undefined || !('originalSource' in found)) return place
    return `${fileURLToPath(new URL(found.originalSource, url))}:${found.originalLine + 1}:${found.originalColumn + 1}`
  })
}

function mapOf(url: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(new URL(`${url}.map`), 'utf8')) as MapPayload)
  } catch {
    return undefined // without a map the place in the built file is what there is
  }
}
