#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { EXIT } from '@stage0/types'
import { tellFailure } from './failure.ts'
import { run, wantsJson } from './program.ts'
import { processIo } from './terminal/process-io.ts'
import { cancelOnSignals } from './terminal/signals.ts'

/** How long what is still open may take to close, when everything is done. */
const OPEN_AT_END_MS = 2000

let lastWords: string | undefined
const signal = cancelOnSignals(
  process,
  (name) => process.stderr.write(`\n${name}: finishing what is at work; once more to kill.\n`),
  () => lastWords !== undefined && process.stderr.write(`\n${lastWords}\n`),
)
const io = { ...processIo(process, signal), atKill: (words: string | undefined) => void (lastWords = words) }
const args = process.argv.slice(2)
try {
  process.exitCode = await run(args, io, ownVersion())
  // A connection to a server that stands still would keep the process for as long; where nothing is open it ends at once.
  setTimeout(() => process.exit(), OPEN_AT_END_MS).unref()
} catch (error) {
  const { withSourcePlaces } = await import('./terminal/source-places.ts')
  const text = error instanceof Error ? withSourcePlaces(error.stack ?? error.message) : String(error)
  process.exitCode = tellFailure(io, { code: 'DEFECT', message: text, exit: EXIT.stepFailed }, wantsJson(args))
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  if (
    typeof manifest === 'object' &&
    manifest !== null &&
    'version' in manifest &&
    typeof manifest.version === 'string'
  )
    return manifest.version
  throw new Error('package.json of the command has no version')
}
