import { lstatSync, readdirSync, statSync, type Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import { err, EXIT, ok, type Result } from '@stage0/types'
import type { Failure } from '../failure.ts'
import { visible } from '../terminal/visible.ts'
import { isOfInit } from './staging.ts'

/** The folder of a new repository: yet to be made, or there already. */
export type Target =
  | { readonly kind: 'new'; readonly folder: string }
  | { readonly kind: 'there'; readonly folder: string; readonly entries: readonly string[] }

/** What a folder may hold and still count as empty. */
const IGNORED = new Set(['.git'])
const NAMES_SHOWN = 5

/**
 * Looks at the folder without a change.
 *
 * @param folder Absolute.
 * @param add    Whether other files in it are no reason to refuse.
 * @returns `INIT_FOLDER_NOT_EMPTY`, or `INIT_FOLDER_UNUSABLE` where it can be neither read nor made.
 */
export function lookAtTarget(folder: string, add: boolean): Result<Target, Failure> {
  const parent = dirname(folder)
  try {
    const stats = statsAt(folder)
    if (stats === undefined) {
      if (statsAt(parent)?.isDirectory() !== true) {
        const refusal = unusable(folder, `there is no folder ${visible(parent)} that it would be in`)
        return err({ ...refusal, hint: 'Make that folder first, as `mkdir -p` does, or name another one.' })
      }
      if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined)
        return err(unusable(folder, 'it is a link that leads nowhere'))
      return ok({ kind: 'new', folder })
    }
    if (!stats.isDirectory()) {
      return err({ ...unusable(folder, 'it is a file'), hint: 'Name another folder.' })
    }
    const entries = readdirSync(folder).filter((name) => !isOfInit(name))
    const others = entries.filter((name) => !IGNORED.has(name))
    if (others.length === 0 || add) return ok({ kind: 'there', folder, entries })
    const message = `${visible(folder)} is not empty: ${listed(others)}.`
    return err({ code: 'INIT_FOLDER_NOT_EMPTY', message, exit: EXIT.refusedAsUnsafe })
  } catch (error) {
    return err(unusable(folder, reasonOf(error)))
  }
}

/**
 * What is at a path, where links lead to; `undefined` for nothing, also below a file.
 *
 * @throws Whatever else the system says.
 */
export function statsAt(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined
    throw error
  }
}

/** Fails with `INIT_FILES_EXIST` where one of the paths is taken, or would be reached through something that is no folder. */
export function refuseTaken(target: Target, paths: readonly string[]): Result<void, Failure> {
  if (target.kind === 'new') return ok(undefined)
  const taken = new Set<string>()
  for (const path of paths) {
    const parts = path.split('/')
    for (let length = 1; length <= parts.length; length += 1) {
      const part = parts.slice(0, length).join('/')
      const stats = lstatSync(join(target.folder, part), { throwIfNoEntry: false })
      if (stats === undefined) break
      if (length < parts.length && stats.isDirectory()) continue
      taken.add(part)
      break
    }
  }
  if (taken.size === 0) return ok(undefined)
  const message = `${visible(target.folder)} has these already: ${listed([...taken])}.`
  return err({ code: 'INIT_FILES_EXIST', message, exit: EXIT.refusedAsUnsafe })
}

export const unusable = (folder: string, why: string): Failure => ({
  code: 'INIT_FOLDER_UNUSABLE',
  message: `Cannot make a repository in ${visible(folder)}: ${why}.`,
  exit: EXIT.usage,
})

/**
 * What the system says, without the call and its paths.
 *
 * @throws The error itself where it is none of the system: a defect.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error && 'syscall' in error)) throw error
  return error.message.replace(/, [a-z]+( '.*)?$/s, '')
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN
  return `${names.slice(0, NAMES_SHOWN).map(visible).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
