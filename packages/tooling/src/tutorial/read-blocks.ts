/** What a page of documentation says to do, in its order, and what it says comes of it. */
export type Block =
  | {
      readonly kind: 'commands'
      readonly line: number
      readonly text: string
      readonly exit: number
      readonly terminal: number
    }
  | { readonly kind: 'skipped'; readonly line: number; readonly text: string; readonly why: string }
  | { readonly kind: 'output'; readonly line: number; readonly text: string }
  | { readonly kind: 'file' | 'change'; readonly line: number; readonly text: string; readonly path: string }

const FENCE = /^```(\S*)[ \t]*(.*)\n([\s\S]*?)^```$/gm

/**
 * The fenced blocks of a Markdown page. `sh` is carried out (`exit=N`, `terminal=N`, `not-run="why"`), `text` is what comes of it, a block
 * with `title="path"` is a whole file, or with `diff` a change of one.
 *
 * Throws `TypeError` for a block of which it is not known what is to be done: none is passed over in silence.
 */
export function readBlocks(page: string): readonly Block[] {
  return [...page.matchAll(FENCE)].map(({ 1: language = '', 2: info = '', 3: text = '', index }) => {
    const line = page.slice(0, index).split('\n').length
    const said = (name: string): string | undefined => new RegExp(`${name}="?([^"]+?)"?(?: \\w+=|$)`).exec(info)?.[1]
    const path = said('title')
    if (path !== undefined) return { kind: language === 'diff' ? 'change' : 'file', line, text, path }
    if (language === 'text') return { kind: 'output', line, text }
    const why = said('not-run')
    if (language === 'sh' && why !== undefined) return { kind: 'skipped', line, text, why }
    if (language === 'sh')
      return { kind: 'commands', line, text, exit: Number(said('exit') ?? 0), terminal: Number(said('terminal') ?? 1) }
    throw new TypeError(
      `line ${line}: a block of ${language === '' ? 'no language' : language} that nothing is done with`,
    )
  })
}
