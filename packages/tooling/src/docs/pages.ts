import { readFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { RISK_CAUSES, RISK_CODES, schemaFiles } from '@stage0/core'
import { specificationSchemaFiles } from '@stage0/merge'
import { ERROR_AREAS } from '@stage0/types'
import { format, resolveConfig } from 'prettier'
import { commandPage, verbsOf } from './command-page.ts'
import { errorsPage } from './errors-page.ts'
import { eventsPage } from './events-page.ts'
import { formatPage } from './format-page.ts'
import { httpPage } from './http-page.ts'
import { risksPage } from './risks-page.ts'
import { inProject, runStage0 } from './run-stage0.ts'
import { schemasPage } from './schemas-page.ts'
import type { Schema } from './schema-rows.ts'
import { settingsPage } from './settings-page.ts'

interface Help {
  readonly verb: string
  readonly text: string
}

const helpOf = async (verb: string): Promise<Help> => {
  const text = await runStage0([...(verb === '' ? [] : [verb]), '--help'], { NO_COLOR: '1' })
  return { verb, text }
}

/** The help of the whole command, then that of each verb, read once for all pages. */
async function readHelps(): Promise<readonly Help[]> {
  const program = await helpOf('')
  return [program, ...(await Promise.all(verbsOf(program.text).map(helpOf)))]
}

const prose = (name: string): Promise<string> =>
  readFile(inProject(`packages/tooling/src/docs/prose/${name}.md`), 'utf8')
const sample = (path: string): string => readFileSync(inProject(`packages/templates/sample/${path}`), 'utf8')

/** Every generated page by its path, each ready to be written: as prettier would leave it. */
export function pages(): Readonly<Record<string, () => Promise<string>>> {
  let reading: Promise<readonly Help[]> | undefined
  const helps = (): Promise<readonly Help[]> => (reading ??= readHelps())
  const makers: Readonly<Record<string, () => Promise<string>>> = {
    'docs/command.md': async () => commandPage(await helps()),
    'docs/errors/README.md': async () => errorsPage(Object.entries(ERROR_AREAS)),
    'docs/events.md': async () => eventsPage(),
    'docs/format.md': async () => formatPage(await prose('format'), sample),
    'docs/http.md': async () => {
      const openapi = JSON.parse(await readFile(inProject('apps/api/openapi.json'), 'utf8')) as Schema
      return httpPage(openapi, await prose('http'))
    },
    'docs/risks.md': async () => risksPage(RISK_CODES, RISK_CAUSES),
    'docs/settings.md': async () => settingsPage((await helps()).map(({ text }) => text)),
    'docs/schemas/README.md': async () => schemasPage(await prose('schemas')),
    ...Object.fromEntries(
      [...schemaFiles(), ...specificationSchemaFiles()].map(({ name, text }) => [
        `docs/schemas/${name}`,
        async () => text,
      ]),
    ),
  }
  return Object.fromEntries(
    Object.entries(makers).map(([path, make]) => [path, async () => pretty(path, await make())]),
  )
}

async function pretty(path: string, text: string): Promise<string> {
  const filepath = inProject(path)
  return format(text, { ...(await resolveConfig(filepath)), filepath })
}
