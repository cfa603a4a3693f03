#!/usr/bin/env node
import { readFileSync, writeSync } from 'node:fs'
import { EXIT } from '@stage0/types'
import { tellFailure } from './failure.ts'
import { run, wantsJson } from './program.ts'
import { processIo } from './terminal/process-io.ts'
import type { LeftBehind } from './terminal/io.ts'
import { tellLeftBehind } from './terminal/left-behind.ts'
import { cancelOnSignals } from './terminal/signals.ts'

/** How long what is still open may take to close, when everything is done. */
const OPEN_AT_END_MS = 2000

let left: LeftBehind | undefined
const args = process.argv.slice(2)
const signal = cancelOnSignals(
  process,
  (name) => process.stderr.write(`\n${name}: finishing what is at work; once more to kill.\n`),
  (name) => left !== undefined && tellLeftBehind({ out: writeNow(1), err: writeNow(2) }, left, name, wantsJson(args)),
)
const io = { ...processIo(process, signal), atKill: (what: LeftBehind | undefined) => void (left = what) }
try {
  process.exitCode = await run(args, io, ownVersion())
  // A connection to a server that stands still would keep the process for as long; where nothing is open it ends at once.
  setTimeout(() => process.exit(), OPEN_AT_END_MS).unref()
} catch (error) {
  const { withSourcePlaces } = await import('./terminal/source-places.ts')
  const text = error instanceof Error ? withSourcePlaces(error.stack ?? error.message) : String(error)
  process.exitCode = tellFailure(io, { code: 'DEFECT', message: text, exit: EXIT.stepFailed }, wantsJson(args))
}

/** The process ends right after, so that nothing may wait in a buffer. A reader that is gone must not keep it from that. */
function writeNow(descriptor: number): (text: string) => void {
  return (text) => {
    try {
      writeSync(descriptor, text)
    } catch {
      // Nobody reads it.
    }
  }
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
