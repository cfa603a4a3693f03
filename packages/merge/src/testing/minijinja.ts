import { Environment } from 'minijinja-js'
import { DateValue, Mapping, TimeValue, Tuple, type Value } from '../value.ts'
import { readYaml } from '../values/read-yaml.ts'
import { textOf } from '../values/text.ts'
import type { ShortCase } from './conformance-cases.ts'

/**
 * What minijinja, by the author of Jinja2, makes of a case.
 *
 * @returns The text; `undefined` where it refuses, be it while it reads or while it renders.
 */
export function askMinijinja({ body, data }: ShortCase): string | undefined {
  const names = data === undefined ? {} : namesOf(data)
  if (names === undefined) return undefined
  const environment = new Environment()
  try {
    environment.addTemplate('page.txt', body)
    return environment.renderTemplate('page.txt', names)
  } catch (thrown) {
    if (thrown instanceof Error) return undefined
    throw thrown
  } finally {
    environment.free()
  }
}

/** Constants are printed by minijinja as in JSON, texts in lists in double quotes: neither says anything about the language. */
export const likeMinijinja = (text: string): string =>
  text.replace(/True|False|None|Undefined/g, (word) => word.toLowerCase()).replaceAll("'", '"')

function namesOf(data: string): object | undefined {
  const document = readYaml(data, 'data.yaml')
  return document.ok ? { d: plain(document.value.value) } : undefined
}

function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value !== 'object') return value
  if (value instanceof DateValue || value instanceof TimeValue) return value.text
  if (value instanceof Tuple) return value.items.map(plain)
  if (value instanceof Mapping)
    return Object.fromEntries(Array.from(value.entries(), ([key, item]) => [textOf(key), plain(item)]))
  return value.map(plain)
}
