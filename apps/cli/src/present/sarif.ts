import { pathToFileURL } from 'node:url'
import { toSarif } from '@stage0/core'
import type { Problem } from '@stage0/types'

/**
 * Problems as SARIF that names the folder which was checked: what reads it on this machine, or in the same job, finds the files.
 *
 * @param folder An absolute path; files of problems are relative to it.
 */
export function renderSarif(problems: readonly Problem[], version: string, folder: string): string {
  const { href } = pathToFileURL(folder.endsWith('/') ? folder : `${folder}/`)
  return `${JSON.stringify(toSarif(problems, version, href), undefined, 2)}\n`
}
