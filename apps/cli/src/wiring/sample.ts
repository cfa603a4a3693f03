import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the sample repository. */
export const sampleFolder = (): string =>
  join(dirname(fileURLToPath(import.meta.resolve('@stage0/templates/package.json'))), 'sample')
