/** What a page tells a reader to type: a verb of the command, and the options that follow it. */
export interface NamedCommand {
  readonly line: number
  readonly verb: string
  /** Long and short ones, without values. */
  readonly options: readonly string[]
}

const FENCED = /^ *```[^\n]*\n[\s\S]*?^ *```/gm
const INLINE = /`[^`\n]+`/g
const NAMED = /\bstage0 ([a-z]+)\b([^`\n|&;)]*)/g

/**
 * The commands in the code of a Markdown page, in its blocks and in its lines. Text between is left alone: there `stage0` is a name. So
 * are outputs (`text`).
 */
export function commandsIn(page: string): readonly NamedCommand[] {
  const code: [at: number, text: string][] = [...page.matchAll(FENCED)]
    .filter(([text]) => !/^ *```text/.test(text))
    .map(({ 0: text, index }) => [index, text])
  const prose = page.replace(FENCED, (text) => text.replace(/[^\n]/g, ' '))
  for (const { 0: text, index } of prose.matchAll(INLINE)) code.push([index, text])
  return code.flatMap(([at, text]) =>
    [...text.matchAll(NAMED)].map(({ 1: verb = '', 2: rest = '', index }) => ({
      line: page.slice(0, at + index).split('\n').length,
      verb,
      options: [...rest.matchAll(/(?<=\s)--?[a-z][a-z-]*/g)].map(([option]) => option),
    })),
  )
}

/** The options that the help of a verb lists. */
export const optionsOf = (help: string): readonly string[] =>
  [...help.matchAll(/^ {2}((?:-\w, )?--[a-z-]+)/gm)].flatMap(([, flags = '']) => flags.split(', '))
