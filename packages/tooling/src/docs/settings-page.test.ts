import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SETTINGS, type SettingName } from '@stage0/workspace'
import { describe, expect, it } from 'vitest'
import { SETTING_GROUPS, type Face } from './setting-groups.ts'
import { optionsOf, settingsPage } from './settings-page.ts'
import { inProject } from './run-stage0.ts'

const HELP = `Options:
  --repository <folder>      the configuration repository (INPUT_FOLDER)
  --resolve <step=outcome>   a migration was cut off, and you found out how it
                             ended
  --evidence-limit <documents>  so many documents of each collection at most
                                (EVIDENCE_MAX_DOCUMENTS)
  --yes                      do not ask (NOT_A_SETTING)
`

/** The names of settings in the sources below a folder, tests and lists of options left out. */
function named(folder: string, isMeant: (file: string) => boolean = () => true): ReadonlySet<string> {
  const files = readdirSync(inProject(folder), { recursive: true, encoding: 'utf8' })
    .filter(
      (file) =>
        file.endsWith('.ts') && !/\.test\.ts$|testing|wiring.settings\.ts$|options\.ts$|definitions\.ts$/.test(file),
    )
    .filter(isMeant)
  const text = files.map((file) => readFileSync(join(inProject(folder), file), 'utf8')).join('\n')
  return new Set(Object.keys(SETTINGS).filter((name) => new RegExp(`\\b${name}\\b`).test(text)))
}

const faces = new Map<string, readonly Face[]>(SETTING_GROUPS.flatMap(({ settings }) => Object.entries(settings)))

describe('docs/settings.md', () => {
  it('lists every setting once, with default, bounds, option, and whether it is secret', () => {
    const names = SETTING_GROUPS.flatMap(({ settings }) => Object.keys(settings))
    expect([...names].sort()).toEqual(Object.keys(SETTINGS).sort())
    const page = settingsPage([HELP])
    expect(page).toContain('| `STAGE0_LEASE_MS` | `30000` |  | command, service | ')
    expect(page).toContain('| `INPUT_FOLDER` | `/input` | `--repository` | ')
    expect(page).toMatch(/`MONGO_CONNECTION_STRING`.*Secret: never shown/)
  })

  it('finds the option of a setting where its help names it', () => {
    expect([...optionsOf([HELP])]).toEqual([
      ['INPUT_FOLDER', '--repository'],
      ['EVIDENCE_MAX_DOCUMENTS', '--evidence-limit'],
    ])
  })

  it('says of no setting that a face reads it whose sources do not name it', () => {
    const everywhere = named('packages/workspace/src')
    const isConsole = (file: string): boolean => /serve-console|console-app|listening|http.frame/.test(file)
    const byFace: Readonly<Record<Face, ReadonlySet<string>>> = {
      command: new Set([...named('apps/cli/src'), ...everywhere]),
      service: new Set([...named('apps/api/src'), ...everywhere]),
      console: named('apps/api/src', isConsole),
    }
    for (const [name, all] of faces) {
      for (const face of all) expect(byFace[face].has(name), `${name} of ${face}`).toBe(true)
      const readers = Object.values(byFace).filter((names) => names.has(name))
      expect(readers.length > 0, name).toBe(all.length > 0)
    }
    expect(faces.get('API_URL' satisfies SettingName)).toEqual(['console'])
  })
})
