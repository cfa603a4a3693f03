import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inProject } from '../fresh.ts'

/** The template of a configuration repository, and what the tests say it makes: both name images, action and package in numbers. */
const FOLDERS = ['packages/templates/mongodb-api', 'packages/templates/mentorhub/mentorhub_mongodb_api']
/** An image, the action, the package of the command, and the sentence of the README about all of them. */
const PIN =
  /(\/stage0(?:-[a-z]+)?:|\/action@v|@stage0\/cli@|wherever these files name )\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]*[0-9A-Za-z])?/g

/** A text that names what is published of Stage0, with this version. What else has numbers in it stays. */
export const pinned = (text: string, version: string): string =>
  text.replaceAll(PIN, (_whole, name: string) => `${name}${version}`)

/** Every file below those folders, as seen from the project, with its text. */
export const pinnedFiles = (): readonly { readonly path: string; readonly text: string }[] =>
  FOLDERS.flatMap((folder) =>
    readdirSync(inProject(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(inProject('.').length + 1)),
  ).map((path) => ({ path, text: readFileSync(inProject(path), 'utf8') }))

/** Puts a version into all of them. */
export function pinAll(version: string): void {
  for (const { path, text } of pinnedFiles()) {
    const next = pinned(text, version)
    if (next !== text) writeFileSync(inProject(path), next)
  }
}
