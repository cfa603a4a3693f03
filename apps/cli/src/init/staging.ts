import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { makerIn, markOf, mayBeAtWork, type Maker } from '@stage0/merge'
import type { TreeFile } from './trees.ts'

/** Where the files of a folder that is made are written first, in the folder that it is in; and those of a folder that is there. */
const PREFIXES = { new: '.stage0-init-new-', into: '.stage0-init-into-' } as const
type Purpose = keyof typeof PREFIXES

/** Inside of it: while it is written, when all of it is, and when all of it is in its place as well. */
const PARTIAL = 'partial'
const WHOLE = 'whole'
const PLACED = 'placed'

/** Whether an entry of a folder is where an init writes first. */
export const isOfInit = (name: string): boolean => Object.values(PREFIXES).some((prefix) => name.startsWith(prefix))

interface Stage {
  readonly path: string
  readonly maker: Maker
}

/** The stages that are in a folder. */
export function stagesIn(folder: string, purpose: Purpose): readonly Stage[] {
  const prefix = PREFIXES[purpose]
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ path: join(folder, name), maker: makerIn(name.slice(prefix.length)) }))
}

/** Whether the process that made a stage may still be there. */
export const isAtWork = ({ path, maker }: Stage): boolean => mayBeAtWork(maker, Date.now() - statSync(path).mtimeMs)

/** Writes all files into a stage of its own, and onto the disk. */
export function stage(folder: string, purpose: Purpose, files: readonly TreeFile[]): Stage {
  // Nobody else can have made or foreseen this folder, also where everybody may write.
  const path = mkdtempSync(join(folder, `${PREFIXES[purpose]}${markOf(process.pid)}`))
  try {
    makeFolder(join(path, PARTIAL))
    for (const file of files) {
      makeFolders(join(path, PARTIAL), dirname(file.path), [])
      write(join(path, PARTIAL, file.path), file.text)
    }
    renameSync(join(path, PARTIAL), join(path, WHOLE))
    return { path, maker: makerIn(basename(path).slice(PREFIXES[purpose].length)) }
  } catch (error) {
    rmSync(path, { recursive: true, force: true })
    throw error
  }
}

function write(path: string, text: string): void {
  const descriptor = openSync(path, 'wx')
  try {
    writeSync(descriptor, text)
    fchmodSync(descriptor, 0o644)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes the staged files the folder, all at once. Fails where something is there that is no empty folder. */
export function becomeFolder({ path }: Stage, folder: string): void {
  renameSync(join(path, WHOLE), folder)
}

/**
 * Puts the staged files into a folder, none over another. Where one cannot be put, those that were are taken back.
 *
 * @param isRest Whether others of the same stage were put before, by a process that was killed then: they stay.
 */
export function placeInto({ path }: Stage, folder: string, isRest = false): void {
  const whole = join(path, WHOLE)
  const made: (() => void)[] = []
  try {
    for (const file of filesBelow(whole)) {
      const target = join(folder, file)
      if (isRest && existsSync(target)) continue
      makeFolders(folder, dirname(file), made)
      linkSync(join(whole, file), target)
      made.push(() => unlinkSync(target))
    }
  } catch (error) {
    for (const undo of made.reverse()) undo()
    throw error
  }
  // Whatever is taken away from the folder from now on stays away.
  renameSync(whole, join(path, PLACED))
}

function makeFolders(root: string, path: string, made: (() => void)[]): void {
  const parts = path === '.' ? [] : path.split(sep)
  for (let length = 1; length <= parts.length; length += 1) {
    const folder = join(root, ...parts.slice(0, length))
    if (existsSync(folder)) continue
    makeFolder(folder)
    made.push(() => rmdirSync(folder))
  }
}

/**
 * For everybody to read, whatever the mask says, as files are: containers read them as another user, and none is a secret.
 */
function makeFolder(path: string): void {
  mkdirSync(path)
  chmodSync(path, 0o755)
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))

/** Whether everything had been written into a stage, so that the next thing was to put it in its place. */
export const isWhole = ({ path }: Stage): boolean => existsSync(join(path, WHOLE))

export const remove = ({ path }: Stage): void => rmSync(path, { recursive: true, force: true })
