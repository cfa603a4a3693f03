import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A text that a licence wants handed on. */
export interface LicenceText {
  /** The file of the package that it stands in; nothing where the package has no such file. */
  readonly file?: string
  readonly text: string
}

/**
 * What may stand in what we hand out: each wants its text handed on at most. Another one is a decision for people: the
 * tests say so, and the build goes on.
 */
export const ALLOWED_LICENCES: ReadonlySet<string> = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Python-2.0'],
  ...['CC0-1.0', 'Unlicense', 'OFL-1.1', 'CC-BY-4.0'],
])

/** Whether all that a package asks for is on the list; of two to choose from, one is enough. */
export function isAllowed(licence: string | undefined): boolean {
  if (licence === undefined) return false
  const choices = licence.replaceAll(/[()]/g, '').split(/ OR /)
  return choices.some((choice) => choice.split(/ AND /).every((one) => ALLOWED_LICENCES.has(one)))
}

/** As a manifest says it, in the present form or in one of two former ones. */
export function licenceOf(manifest: { readonly license?: unknown; readonly licenses?: unknown }): string | undefined {
  const { license, licenses } = manifest
  const all = (Array.isArray(licenses) ? licenses : [license])
    .map((one: unknown) => (typeof one === 'object' && one !== null && 'type' in one ? one.type : one))
    .filter((one) => typeof one === 'string' && one !== '')
  return all.length === 0 ? undefined : all.join(' OR ')
}

const TEXT_FILES = /^(?:licen[cs]e|unlicense|copying|notice)(?:[.-][\w.-]+)?$|\.license\.txt$/i
const CODE = /\.(?:[cm]?[jt]s|json|map)$/i

/**
 * The licence and notices in a package, by the names of their files; each text once.
 *
 * @param author As its manifest names them: for a package that says `MIT` and brings no text, the text that it means.
 */
export function licenceTexts(folder: string, licence: string | undefined, author: unknown): readonly LicenceText[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && TEXT_FILES.test(entry.name) && !CODE.test(entry.name))
    .map(({ name }) => name)
    .sort()
  const texts = new Map<string, string>()
  for (const file of names) {
    const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()
    if (text !== '' && !texts.has(text)) texts.set(text, file)
  }
  if (texts.size > 0) return [...texts].map(([text, file]) => ({ file, text }))
  return licence === 'MIT' ? [{ text: mitBy(author) }] : []
}

function mitBy(author: unknown): string {
  const said = typeof author === 'object' && author !== null && 'name' in author ? author.name : author
  const holder = typeof said === 'string' ? said.replace(/\s*[<(].*/, '') : 'the authors'
  return `The MIT License (MIT)

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`
}
