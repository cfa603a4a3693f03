import { chmodSync, existsSync, lstatSync, mkdirSync, realpathSync, renameSync, rmdirSync, rmSync, statSync, type Stats } from 'node:fs' // prettier-ignore
import { join } from 'node:path'
import { fail, ok, type Problem, type Result } from '../problem.ts'
import { foldersAbove } from '../process/tree.ts'
import type { Changes } from './changes.ts'
import { checkChanges, isEmptied } from './check-changes.ts'
import { foreign } from './cut-off.ts'
import { digestAt, digestOfFile, NO_FILE } from './digest-at.ts'
import { filesBelow, foldersIn } from './files-below.ts'
import { commit, isCommitted, readJournal, type Affected, type Journal } from './journal.ts'
import { settle, settleFolder } from './settle.ts'
import { attemptRemoval, isAtWork, isOwn, makeStage, removeStage, stagesIn, type Stage } from './stage.ts'
import { statsAt } from './stats-at.ts'
import { reasonOf, systemCode } from './system.ts'
import { makeFolder, modeWith, writeEntry } from './write-entry.ts'

/** In a stage: the files that are to be put, by their numbers. */
const FILES = 'files'

/**
 * Makes changes in a folder that is there: all of them or none. Everything is written into a stage in the folder first, and is on
 * the disk when the point of commit comes. What a process that is killed afterwards leaves, `finishFormer` brings to an end.
 *
 * @param root      Absolute, links resolved.
 * @param onWritten Called for each file that is in the stage.
 * @returns Why not, with the folder as it was; or `MERGE_INTERRUPTED` where the system refused something after the point of commit.
 */
export function changeFolder(root: string, changes: Changes, onWritten: () => void = () => undefined): Result<void> {
  const problems = checkChanges(root, changes)
  if (problems.length > 0) return fail(...problems)
  let stage: Stage | undefined
  try {
    stage = makeStage(root, 'into', process.pid)
    const others = stagesIn(root, 'into').filter(({ path }) => path !== stage?.path)
    const journal = fill(root, stage, changes, onWritten)
    const [other] = others
    if (other !== undefined) {
      removeStage(stage)
      return fail(interrupted(root, other))
    }
    const changed = changedSince(root, stage, journal)
    if (changed.length > 0) {
      removeStage(stage)
      return fail(...changed.map((path) => changedMeanwhile(path, 'Nothing was changed; merge again.')))
    }
    commit(stage.path, journal)
  } catch (thrown) {
    const problem = unusable(root, thrown)
    if (stage !== undefined) attemptRemoval(stage)
    return fail(problem)
  }
  return follow(root, stage)
}

function fill(
  root: string,
  stage: Stage,
  { puts, removes, removesFolders, emptied = [], was }: Changes,
  onWritten: () => void,
): Journal {
  const files = join(stage.path, FILES)
  mkdirSync(files)
  let number = 0
  for (const [path, entry] of puts) {
    const former = statsAt(root, path)
    // A file that only its owner could read stays so.
    const mode =
      entry.kind === 'link' || former?.isFile() !== true ? undefined : modeWith(former.mode, entry.isExecutable)
    writeEntry(join(files, String(number)), entry, mode)
    number += 1
    onWritten()
  }
  settle(stage.path, puts.size)
  const affected = (path: string, digest = was.get(path)): Affected => ({
    path,
    ...(digest === undefined ? {} : { was: digest }),
  })
  const inside = removesFolders.flatMap((folder) => filesBelow(root, folder))
  const folders = removesFolders.flatMap((folder) => foldersIn(root, folder))
  return {
    puts: [...puts.keys()].map((path) => affected(path)),
    removes: [
      ...removes.map((path) => affected(path)),
      ...inside.map((path) => affected(path, was.get(path) ?? digestAt(root, path))),
    ],
    removesFolders: [...folders, ...emptied],
  }
}

/**
 * Brings to an end what was begun in a folder by a process that was killed: does the rest, where it was past the point of commit.
 * Otherwise nothing had changed, and what is left goes away.
 *
 * @param folder Absolute; may be missing.
 * @returns Whether there was something to do; `MERGE_INTERRUPTED` where that process is still at work, or what it left is not whole.
 */
export function finishFormer(folder: string): Result<boolean> {
  let isFinished = false
  try {
    if (!existsSync(folder)) return ok(false)
    const root = realpathSync(folder)
    if (!statSync(root).isDirectory()) return ok(false)
    for (const stage of stagesIn(root, 'into')) {
      if (isAtWork(stage)) return fail(interrupted(root, stage))
      if (isCommitted(stage.path)) {
        if (!isOwn(stage)) return fail(foreign(stage))
        const done = follow(root, stage)
        if (!done.ok) return done
        isFinished = true
      } else removeStage(stage)
    }
    return ok(isFinished)
  } catch (thrown) {
    return fail(unusable(folder, thrown))
  }
}

/** Does what the journal of a stage says, from wherever it was left. */
function follow(root: string, stage: Stage): Result<void> {
  const journal = readJournal(stage.path)
  const files = join(stage.path, FILES)
  if (journal === undefined || lstatSync(files, { throwIfNoEntry: false })?.isDirectory() !== true)
    return fail({
      code: 'MERGE_INTERRUPTED',
      message: `${stage.path} is not as a merge leaves it.`,
      hint: 'Remove that folder, and look at what version control says about the others.',
    })
  try {
    const changed = changedSince(root, stage, journal)
    if (changed.length > 0) return fail(...changed.map((path) => changedMeanwhile(path, keepsStage(stage))))
    // First, since a file may stand where a folder is to be.
    for (const { path } of journal.removes) removeFile(root, path)
    for (const [number, { path }] of journal.puts.entries()) place(root, join(files, String(number)), path)
    for (const path of journal.removesFolders)
      if (statsAt(root, path)?.isDirectory() === true) removeIfEmpty(join(root, path))
    settleFolder(root)
    removeStage(stage)
    return ok(undefined)
  } catch (thrown) {
    return fail({
      code: 'MERGE_INTERRUPTED',
      message: `The merge is written, and could not be put in its place in ${root}: ${reasonOf(thrown)}.`,
      hint: 'Correct that, and merge again: what is missing is put then.',
    })
  }
}

/** Paths at which there is neither what was there when the merge was planned nor what it puts there. */
function changedSince(root: string, stage: Stage, { puts, removes }: Journal): readonly string[] {
  const gone = new Set(removes.map(({ path }) => path))
  const isFolder = (path: string): boolean => statsAt(root, path)?.isDirectory() === true
  const isOther = ({ path, was }: Affected, is: string | undefined): boolean => {
    const now = digestAt(root, path)
    // A folder in which nothing stays makes room for a file; one that was put already stands where a file was.
    if (now === NO_FILE && is !== undefined && isEmptied(root, path, gone)) return false
    if (now === NO_FILE && is === undefined && isFolder(path) && puts.some((put) => put.path.startsWith(`${path}/`)))
      return false
    return now !== was && now !== is
  }
  const changedPuts = puts.filter((one, number) => {
    const staged = digestOfFile(join(stage.path, FILES, String(number)))
    return staged !== undefined && isOther(one, staged)
  })
  return [...changedPuts, ...removes.filter((one) => isOther(one, undefined))].map(({ path }) => path)
}

/** One that somebody put something into stays, and so does one that another file system is mounted on. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch (thrown) {
    if (!['ENOTEMPTY', 'EEXIST', 'EBUSY'].includes(systemCode(thrown))) throw thrown
  }
}

function removeFile(root: string, path: string): void {
  if (statsAt(root, path)?.isDirectory() === false) rmSync(join(root, path))
}

function place(root: string, from: string, path: string): void {
  if (lstatSync(from, { throwIfNoEntry: false }) === undefined) return
  for (const folder of [...foldersAbove(path)].reverse()) {
    const absolute = join(root, folder)
    const stats = lstatSync(absolute, { throwIfNoEntry: false })
    if (stats === undefined) makeFolder(absolute)
    else if (!stats.isDirectory()) throw notAFolder(folder)
  }
  for (const folder of foldersIn(root, path)) removeIfEmpty(join(root, folder))
  keepMode(from, statsAt(root, path))
  renameSync(from, join(root, path))
}

/** A file that is replaced keeps the permissions that it has by now, which may be others than when the new one was written. */
function keepMode(from: string, former: Stats | undefined): void {
  const staged = lstatSync(from)
  if (former?.isFile() !== true || !staged.isFile()) return
  const { mode } = staged
  const wanted = modeWith(former.mode, (mode & 0o111) !== 0)
  if (wanted !== (mode & 0o777)) chmodSync(from, wanted)
}

/** As the system says it, where a link took the place of a folder meanwhile. */
const notAFolder = (path: string): Error =>
  Object.assign(new Error(`not a folder: ${path}`), { code: 'ENOTDIR', syscall: 'mkdir' })

const unusable = (root: string, thrown: unknown): Problem => ({
  code: 'MERGE_OUTPUT_UNUSABLE',
  message: `${root} cannot be written to: ${reasonOf(thrown)}. Nothing was changed.`,
})

const changedMeanwhile = (path: string, hint: string): Problem => ({
  code: 'MERGE_CONFLICT',
  message: `${path} was changed by somebody else while a merge was at work, or after it was cut off.`,
  hint,
  at: { file: path },
})

const keepsStage = ({ name }: Stage): string =>
  `Put it back as it was and merge again; or remove the folder ${name}, look at what version control says, and merge again.`

const interrupted = (root: string, { name, maker }: Stage): Problem => ({
  code: 'MERGE_INTERRUPTED',
  message: `Process ${maker.pid} is merging into ${root}, in ${name}.`,
  hint: 'Wait for it. If no merge is at work, also on no other machine, remove that folder.',
})
