import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { STAGE_PREFIX } from '../process/names.ts'
import { lastChange } from './last-change.ts'
import { isOfHere, makerIn, markOf, mayBeAtWork, type Maker } from './maker.ts'
import { systemCode } from './system.ts'

/** Beside a folder that is made, and in a folder that is there. */
type Purpose = 'new' | 'into'

/** Where a merge writes before anything is in its place. Its name tells who made it. */
export interface Stage {
  readonly path: string
  readonly name: string
  readonly maker: Maker
}

const prefixOf = (purpose: Purpose): string => `${STAGE_PREFIX}${purpose}-`

/** Whether a merge gives such a name to a folder of its own. */
export const isNameOfStage = (name: string): boolean => STAGE.test(name)

const STAGE = /^\.stage0-merge-(?:new|into)-\d+-/

/** Nobody else can have made or foreseen this folder, also where everybody may write. */
export function makeStage(folder: string, purpose: Purpose, pid: number): Stage {
  const path = mkdtempSync(join(folder, `${prefixOf(purpose)}${markOf(pid)}`))
  return stageAt(path, purpose)
}

export const stagesIn = (folder: string, purpose: Purpose): readonly Stage[] =>
  readdirSync(folder, { withFileTypes: true })
    // A link is none: what it leads to is somewhere else.
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(prefixOf(purpose)))
    .map(({ name }) => name)
    .sort()
    .map((name) => stageAt(join(folder, name), purpose))

/** Whether the process that made a stage may still be there. */
export const isAtWork = ({ path, maker }: Stage): boolean => mayBeAtWork(maker, Date.now() - lastChange(path))

/**
 * Whether a stage was made here, by this user, and came with nothing that was copied, unpacked or cloned: those tell another machine,
 * or let others look into it.
 */
export function isOwn({ path, maker }: Stage): boolean {
  const { uid, mode } = lstatSync(path)
  return isOfHere(maker) && (process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0))
}

export const removeStage = ({ path }: Stage): void => rmSync(path, { recursive: true, force: true })

/** A full disk, or one that fails, may refuse even that. Then the next merge takes it away. */
export function attemptRemoval(stage: Stage): void {
  try {
    removeStage(stage)
  } catch (thrown) {
    systemCode(thrown)
  }
}

/** Takes away what is left of folders that never came to be. One that may not be removed is somebody else's. */
export function removeLeftBehind(folder: string): void {
  for (const stage of stagesIn(folder, 'new')) {
    try {
      if (!isAtWork(stage)) removeStage(stage)
    } catch (thrown) {
      systemCode(thrown)
    }
  }
}

function stageAt(path: string, purpose: Purpose): Stage {
  const name = basename(path)
  return { path, name, maker: makerIn(name.slice(prefixOf(purpose).length)) }
}
