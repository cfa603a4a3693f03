import { SETTINGS, type SettingDefinition } from '@stage0/workspace'
import { GENERATED } from './errors-page.ts'

/** docs/settings.md: every setting with its default and what it is for. */
export function settingsPage(): string {
  const rows = Object.entries<SettingDefinition>(SETTINGS).map(([name, definition]) => {
    const notes = [
      definition.description,
      ...(definition.kind === 'choice' ? [`One of ${definition.choices.join(', ')}.`] : []),
      ...(definition.kind === 'integer' ? [`From ${definition.min} to ${definition.max}.`] : []),
      ...(definition.fileOnly === true ? ['From a file only.'] : []),
      ...(definition.secret === true ? ['Secret: never shown.'] : []),
    ]
    const fallback = String(definition.default)
    return `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${notes.join(' ').replaceAll('|', '\\|')} |`
  })
  const intro =
    'A value comes from an option of the command, else from the environment, else from the file `<INPUT_FOLDER>/<API_CONFIG_FOLDER>/<NAME>`, else from `<INPUT_FOLDER>/<NAME>`, else it is the default. Booleans are true, false, 1, 0, yes, no, on or off in any case; anything else is refused.'
  return `${['# Settings', GENERATED, intro, ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n')].join('\n\n')}\n`
}
