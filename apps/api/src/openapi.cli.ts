import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { openapiDocument } from './openapi-document.ts'

/** Writes `openapi.json`; with `--check` only tells whether it is what the routes say. */
const FILE = new URL('../openapi.json', import.meta.url)
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const document = await openapiDocument(version)
if (!process.argv.includes('--check')) writeFileSync(FILE, document)
else if (readFileSync(FILE, 'utf8') !== document) {
  process.stderr.write('apps/api/openapi.json is not what the routes say: run `pnpm --filter @stage0/api generate`.\n')
  process.exitCode = 1
}
