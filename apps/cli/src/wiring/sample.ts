import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A folder of the templates, which come with the command as files. */
export const templateFolder = (name: string): string =>
  join(dirname(fileURLToPath(import.meta.resolve('@stage0/templates/package.json'))), name)

/** The folder of the sample repository. */
export const sampleFolder = (): string => templateFolder('sample')
