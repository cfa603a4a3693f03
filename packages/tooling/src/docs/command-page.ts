import { GENERATED } from './errors-page.ts'

/** docs/command.md: what `--help` says, verb by verb. */
export function commandPage(helps: readonly { readonly verb: string; readonly text: string }[]): string {
  const parts = helps.map(
    ({ verb, text }) => `## ${verb === '' ? 'stage0' : `stage0 ${verb}`}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\``,
  )
  const intro =
    'Run it as `pnpm stage0 <verb>` inside the project. Results go to standard output, progress to standard error.'
  return `${['# The command', GENERATED, intro, ...parts].join('\n\n')}\n`
}

/** The verbs that the help of the whole command lists, in its order: none is forgotten. */
export function verbsOf(help: string): readonly string[] {
  const [, listed = ''] = /^Commands:\n((?: {2}.*\n)+)/m.exec(help) ?? []
  return [...listed.matchAll(/^ {2}([a-z]+) /gm)].map(([, verb = '']) => verb)
}
