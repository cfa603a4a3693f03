import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * When something was last made, named or taken away in a folder, however deep, in milliseconds since 1970. The time of the folder
 * itself stands still while files are written below it. A file that grows is not looked at: each takes a moment only.
 */
export function lastChange(folder: string): number {
  let last = lstatSync(folder).mtimeMs
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) last = Math.max(last, lastChange(join(folder, entry.name)))
  return last
}
