import { err, ok, type Problem, type Result } from '@stage0/types'
import { SETTING_INVALID, SETTING_NAMES, SETTINGS, type SettingName, type SettingValue } from './definitions.ts'
import { parseValue } from './parse-value.ts'
import { hostsOf, isLoopback, redactUri } from './redact.ts'
import { readSettingFile } from './setting-file.ts'

/** One setting as it is in force, with where it comes from. */
export interface Setting<T> {
  readonly value: T
  readonly from: 'default' | 'file' | 'environment' | 'option'
  /** The variable, option or file in words, for messages. */
  readonly source: string
  /** Path of the file that says it, from the repository; without it none does. */
  readonly file?: string
}

export type Settings = { readonly [N in SettingName]: Setting<SettingValue<N>> }

export interface SettingSources {
  /** The environment of the process. An empty variable counts as none. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Stands for INPUT_FOLDER, as an option. */
  readonly repository?: string | undefined
  /** Values given by options of a command; they win over everything else. */
  readonly overrides?: Readonly<Partial<Record<SettingName, string>>>
  /** The options that gave them, as they are written: `--port`. */
  readonly optionNames?: Readonly<Partial<Record<SettingName, string>>>
}

interface Found {
  readonly text: string
  readonly from: Exclude<Setting<unknown>['from'], 'default'>
  readonly source: string
  readonly file?: string
}

/**
 * All settings, each with its source; or every setting that has a wrong value, none of them with a secret in its text.
 * Reads the files of settings of the repository, once; a repository that does not exist has none.
 */
export function loadSettings(sources: SettingSources): Result<Settings, Problem[]> {
  const problems: Problem[] = []
  const reader = new SettingReader(sources, problems)
  const settings: Partial<Record<SettingName, Setting<string | number | boolean>>> = {}
  for (const name of SETTING_NAMES) settings[name] = reader.read(name)
  const uri = String(settings.MONGO_CONNECTION_STRING?.value ?? '')
  if (settings.ENVIRONMENT_NAME?.from === 'default') {
    settings.ENVIRONMENT_NAME = { ...settings.ENVIRONMENT_NAME, value: environmentOf(uri) }
  }
  reportSharedFolders(settings, problems)
  // Every name was set above, each with the type that its definition says.
  return problems.length > 0 ? err(problems) : ok(settings as Settings)
}

/** `local` for a database on this machine, else the first of its hosts that is elsewhere. */
function environmentOf(uri: string): string {
  return hostsOf(uri).find((host) => !isLoopback(host)) ?? 'local'
}

class SettingReader {
  readonly #sources: SettingSources
  readonly #problems: Problem[]
  readonly #repository: string
  readonly #configFolder: string

  constructor(sources: SettingSources, problems: Problem[]) {
    this.#sources = sources
    this.#problems = problems
    this.#repository = this.#given('INPUT_FOLDER')?.text ?? SETTINGS.INPUT_FOLDER.default
    const { default: fallback } = SETTINGS.API_CONFIG_FOLDER
    const named = (this.#given('API_CONFIG_FOLDER') ?? this.#file('API_CONFIG_FOLDER', 'API_CONFIG_FOLDER'))?.text
    // A wrong name is reported when the setting itself is read; it never becomes a path.
    this.#configFolder = named !== undefined && parseValue(SETTINGS.API_CONFIG_FOLDER, named).ok ? named : fallback
  }

  read(name: SettingName): Setting<string | number | boolean> {
    const definition = SETTINGS[name]
    const usual: Setting<string | number | boolean> = {
      value: definition.default,
      from: 'default',
      source: 'the default',
    }
    const found = this.#find(name)
    if (found === undefined) return usual
    const parsed = parseValue(definition, found.text)
    const { text, ...origin } = found
    if (parsed.ok) return { value: parsed.value, ...origin }
    const value = 'secret' in definition ? 'has a value' : `is "${redactUri(text)}"`
    // An option goes by its own name: who gave it need not know which setting it stands for.
    const isNamed = found.from === 'option' && this.#sources.optionNames?.[name] !== undefined
    const what = isNamed ? `${capital(found.source)} ${value}` : `${name} ${value} in ${found.source}`
    this.#report(`${what}, but must be ${parsed.error}.`, `Correct ${found.source}.`, found.file)
    return usual
  }

  #find(name: SettingName): Found | undefined {
    const given = this.#given(name)
    // Where the repository is cannot be said inside of it.
    if (given !== undefined || name === 'INPUT_FOLDER') return given
    if (name === 'API_CONFIG_FOLDER') return this.#file(name, name)
    return this.#file(name, `${this.#configFolder}/${name}`) ?? this.#file(name, name)
  }

  #given(name: SettingName): Found | undefined {
    const { env, repository, overrides, optionNames } = this.#sources
    if ('fileOnly' in SETTINGS[name]) return undefined
    const option = overrides?.[name] ?? (name === 'INPUT_FOLDER' ? repository : undefined)
    if (option !== undefined) {
      const flag = optionNames?.[name]
      return { text: option.trim(), from: 'option', source: flag === undefined ? 'the option' : `the option ${flag}` }
    }
    const variable = env[name]?.trim() ?? ''
    if (variable === '') return undefined
    return { text: variable, from: 'environment', source: `the environment variable ${name}` }
  }

  #file(name: SettingName, relative: string): Found | undefined {
    const read = readSettingFile(this.#repository, relative)
    if (!read.ok) {
      const text = `The file ${relative}, which sets ${name}, cannot be read: ${read.error}.`
      this.#report(text, 'Correct or remove it.', relative)
      return undefined
    }
    if (read.value === undefined) return undefined
    return { text: read.value, from: 'file', source: `the file ${relative}`, file: relative }
  }

  #report(text: string, hint: string, file: string | undefined): void {
    if (this.#problems.some((problem) => problem.text === text)) return
    this.#problems.push(problemOf(text, hint, file))
  }
}

const problemOf = (text: string, hint: string, file: string | undefined): Problem => ({
  ...{ code: SETTING_INVALID, severity: 'error', text, hint },
  ...(file === undefined ? {} : { file }),
})

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const FOLDERS = SETTING_NAMES.filter((name) => name.endsWith('_FOLDER') && name !== 'INPUT_FOLDER')

/** Two kinds of files in one folder could not be told apart. */
function reportSharedFolders(settings: Partial<Record<SettingName, Setting<unknown>>>, problems: Problem[]): void {
  const users = new Map<unknown, SettingName>()
  for (const name of FOLDERS) {
    const { value: folder, file } = settings[name] ?? {}
    const user = users.get(folder)
    if (user === undefined) users.set(folder, name)
    else {
      const text = `${user} and ${name} both name the folder "${String(folder)}".`
      // The one that a file says, where only one of them does.
      problems.push(problemOf(text, 'Give each kind of file its own folder.', file ?? settings[user]?.file))
    }
  }
}
