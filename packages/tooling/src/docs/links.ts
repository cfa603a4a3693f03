import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { anchorOf } from './markdown.ts'

export interface BrokenLink {
  /** Relative to the project, with `/`. */
  readonly file: string
  readonly line: number
  readonly text: string
}

/** What is not ours, or made by building. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'node_modules',
  'dist',
  'coverage',
  '.git',
  '.turbo',
  '.stage0',
  'test-results',
])
/** Parts of pages: their links are looked at in the pages that are made of them. */
const FRAGMENTS: readonly string[] = ['packages/tooling/src/docs/prose/', 'packages/templates/']
/** Folders of one machine: no page may name them. */
const MACHINE_PATH = /(?<![\w.~/-])\/(?:home|Users|work|root|private|var\/folders)\/[\w.-]+/

/** Looks at the links of every Markdown file of a project. Links to other places are looked at for their form alone: no network. */
export async function brokenLinks(root: string): Promise<readonly BrokenLink[]> {
  const files = (await markdownFiles(root, root)).sort()
  const texts = new Map<string, string>()
  for (const file of files) texts.set(file, await readFile(join(root, file), 'utf8'))
  return files
    .filter((file) => !FRAGMENTS.some((fragment) => file.startsWith(fragment)))
    .flatMap((file) => problemsOf(root, file, texts))
}

async function markdownFiles(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return PASSED_OVER.has(entry.name) ? [] : markdownFiles(root, path)
      return entry.name.endsWith('.md') && entry.isFile() ? [relative(root, path).split(sep).join('/')] : []
    }),
  )
  return found.flat()
}

function problemsOf(root: string, file: string, texts: ReadonlyMap<string, string>): readonly BrokenLink[] {
  const text = texts.get(file) ?? ''
  const prose = withoutCode(text)
  const definitions = new Set([...prose.matchAll(/^ {0,3}\[([^\]]+)\]:/gm)].map(([, name = '']) => name.toLowerCase()))
  const problems: BrokenLink[] = []
  const report = (offset: number, what: string): void => {
    problems.push({ file, line: text.slice(0, offset).split('\n').length, text: what })
  }
  for (const { target, offset } of targetsIn(prose)) {
    const wrong = wrongTarget(root, file, target, texts)
    if (wrong !== undefined) report(offset, wrong)
  }
  for (const { 0: whole, 1: name = '', index } of prose.matchAll(/(?<!!)\[[^\]]*\]\[([^\]]+)\]/g)) {
    if (!definitions.has(name.toLowerCase())) report(index, `${whole} is defined nowhere`)
  }
  for (const { 0: path, index } of text.matchAll(new RegExp(MACHINE_PATH, 'g')))
    report(index, `${path} is a place on one machine`)
  return problems
}

/** The text with code blanked out, so that places stay: what looks like a link there is none. */
const withoutCode = (text: string): string =>
  text.replaceAll(/^( *)(`{3,}|~{3,})[^]*?^ *\2[^\n]*$|(`+)(?!`)[^]*?[^`]\3(?!`)|<!--[^]*?-->/gm, (found) =>
    found.replaceAll(/[^\n]/g, ' '),
  )

/** The targets of links, images, definitions and HTML in a text without code. */
function* targetsIn(text: string): Generator<{ readonly target: string; readonly offset: number }> {
  const forms = [
    /\]\(\s*<?([^)\s>]*)>?(?:\s+"[^"]*")?\s*\)/g,
    /^ {0,3}\[[^\]]+\]:\s+<?(\S+?)>?(?:\s+"[^"]*")?\s*$/gm,
    /<(?:a|img|source)\b[^>]*?\b(?:href|src|srcset)="([^"]*)"/g,
  ]
  for (const form of forms) for (const { 1: target = '', index } of text.matchAll(form)) yield { target, offset: index }
}

/** What is wrong with a target; `undefined` where nothing is. */
function wrongTarget(
  root: string,
  file: string,
  target: string,
  texts: ReadonlyMap<string, string>,
): string | undefined {
  if (target === '') return 'a link leads nowhere'
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) {
    if (target.startsWith('mailto:') || (/^https?:/.test(target) && URL.canParse(target))) return undefined
    return `${target} is no address that a reader can open`
  }
  const [path = '', anchor] = target.split('#', 2)
  if (path.startsWith('/')) return `${target} begins at the root of a disk: write it relative to this file`
  const place = path === '' ? file : join(dirname(file), decodeURIComponent(path)).split(sep).join('/')
  if (place.startsWith('../')) return `${target} leaves the project`
  if (!existsSync(join(root, place))) return `${target}: there is no ${place}`
  if (anchor === undefined) return undefined
  const page = texts.get(place)
  if (page === undefined) return /^L\d+/.test(anchor) ? undefined : `${target}: ${place} is no page that has anchors`
  return anchorsOf(page).has(decodeURIComponent(anchor)) ? undefined : `${target}: ${place} has no heading for it`
}

/** The anchors of a page: its headings, a number behind those that stand there again, and those of HTML. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  const bare = text.replaceAll(/^( *)(`{3,}|~{3,})[^]*?^ *\2[^\n]*$/gm, '')
  for (const [, heading = ''] of bare.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const anchor = anchorOf(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, ''))
    let unique = anchor
    for (let n = 1; anchors.has(unique); n++) unique = `${anchor}-${n}`
    anchors.add(unique)
  }
  for (const [, id = ''] of bare.matchAll(/<[a-z]+\b[^>]*?\b(?:id|name)="([^"]*)"/g)) anchors.add(id)
  return anchors
}
