import { SETTINGS, type SettingDefinition, type SettingName } from '@stage0/workspace'
import { GENERATED } from './generated.ts'
import { code, page, table } from './markdown.ts'
import { SETTING_GROUPS, type Face } from './setting-groups.ts'

const INTRODUCTION = `Every part of Stage0 reads these settings, and nothing else of the environment. A value comes from the first of these that has one:

1. an option of the command, where the table names one
2. the environment variable of that name
3. the file \`<INPUT_FOLDER>/<API_CONFIG_FOLDER>/<NAME>\`, which holds the value and nothing else
4. the file \`<INPUT_FOLDER>/<NAME>\`
5. the default

An empty variable or file counts as none. \`INPUT_FOLDER\` is not looked for in files, \`API_CONFIG_FOLDER\` in \`<INPUT_FOLDER>\` only. Booleans are true, false, 1, 0, yes, no, on or off in any
case. A value that cannot be used ends the start with a sentence that names setting, value and source: exit code 64, error [SETTING_INVALID](errors/README.md#setting_invalid).
What is in force, and where each value comes from, is answered by [GET /api/config](http.md#get-apiconfig) and shown by the console under Settings.

*Read by* says whom a setting concerns: the *command* (\`check\`, \`plan\`, \`apply\` and the other verbs), the *service* (what \`serve\`, \`start\` and the images serve), the *console* on its own.`

/**
 * docs/settings.md: every setting by what it is about, with default, bounds, option, and who reads it.
 *
 * @param helps The help of every verb: an option says in brackets which setting it stands for.
 */
export function settingsPage(helps: readonly string[]): string {
  const options = optionsOf(helps)
  const groups = SETTING_GROUPS.flatMap(({ heading, text, settings }) => {
    const rows = Object.entries(settings).map(([name, faces]) => row(name as SettingName, faces, options.get(name)))
    return [`## ${heading}`, text, table(['setting', 'default', 'option', 'read by', 'meaning'], rows)]
  })
  return page('# Settings', GENERATED, INTRODUCTION, ...groups)
}

/** The options that stand for a setting, by its name. */
export function optionsOf(helps: readonly string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>()
  for (const help of helps) {
    // An option with its text, which goes on over the next lines; `--x` is found where its text ends with `(NAME)`.
    for (const [, option = '', name = ''] of help.matchAll(
      /^ {2}(--[a-z-]+)(?:(?!^ {2}-)[^])*?\(([A-Z][A-Z0-9_]+)\)\s*$/gm,
    )) {
      if (Object.hasOwn(SETTINGS, name)) options.set(name, option)
    }
  }
  return options
}

function row(name: SettingName, faces: readonly Face[], option: string | undefined): readonly string[] {
  const definition: SettingDefinition = SETTINGS[name]
  const { description, fileOnly, secret } = definition
  const notes = [
    description,
    ...(definition.kind === 'choice' ? [`One of ${definition.choices.map(code).join(', ')}.`] : []),
    ...(definition.kind === 'integer' ? [`From ${definition.min} to ${definition.max}.`] : []),
    ...(fileOnly === true ? ['From a file only.'] : []),
    ...(secret === true ? ['Secret: never shown.'] : []),
    ...(faces.length === 0 ? ['Nothing reads it yet.'] : []),
  ]
  const fallback = String(definition.default)
  return [
    code(name),
    fallback === '' ? '' : code(fallback),
    option === undefined ? '' : code(option),
    faces.join(', '),
    notes.join(' '),
  ]
}
