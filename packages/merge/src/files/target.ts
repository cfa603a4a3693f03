import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fail, ok, type MergeCode, type Result } from '../problem.ts'
import { listed } from '../process/words.ts'
import { isInside } from './open-template.ts'
import { isNameOfStage } from './stage.ts'
import { reasonOf } from './system.ts'

/** The folder of a new product: yet to be made, there and empty, or there with nothing but `.git`. */
export interface Target {
  readonly kind: 'new' | 'empty' | 'git'
  /** Absolute, links resolved. */
  readonly folder: string
}

const NAMES_SHOWN = 5

/**
 * Looks at the folder of a new product without a change.
 *
 * @param folder   Absolute.
 * @param template The folder of the template, links resolved.
 * @returns `MERGE_OUTPUT_NOT_EMPTY`, `MERGE_OUTPUT_INVALID` inside of the template, or `MERGE_OUTPUT_UNUSABLE`.
 */
export function lookAtTarget(folder: string, template: string): Result<Target> {
  const refuse = (code: MergeCode, why: string): Result<never> =>
    fail({ code, message: `The product cannot be made in ${folder}: ${why}.` })
  try {
    const isNew = statSync(folder, { throwIfNoEntry: false }) === undefined
    if (isNew && lstatSync(folder, { throwIfNoEntry: false }) !== undefined)
      return refuse('MERGE_OUTPUT_UNUSABLE', 'it is a link that leads nowhere')
    if (isNew && statSync(dirname(folder), { throwIfNoEntry: false })?.isDirectory() !== true)
      return refuse('MERGE_OUTPUT_UNUSABLE', 'the folder that it would be in does not exist')
    const real = isNew ? join(realpathSync(dirname(folder)), basename(folder)) : realpathSync(folder)
    if (isInside(template, real))
      return refuse('MERGE_OUTPUT_INVALID', real === template ? 'it is the template' : 'it is inside of the template')
    if (isNew) return ok({ kind: 'new', folder: real })
    const entries = readdirSync(real)
    const others = entries.filter((name) => name !== '.git' && !isNameOfStage(name))
    if (others.length > 0) return refuse('MERGE_OUTPUT_NOT_EMPTY', `it has ${listed(others.sort(), '', NAMES_SHOWN)}`)
    return ok({ kind: entries.length === 0 ? 'empty' : 'git', folder: real })
  } catch (thrown) {
    return refuse('MERGE_OUTPUT_UNUSABLE', reasonOf(thrown))
  }
}
