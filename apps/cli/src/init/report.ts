import { relative, sep } from 'node:path'
import { EXIT } from '@stage0/types'
import type { Io } from '../terminal/io.ts'
import { visible } from '../terminal/visible.ts'
import type { Choices } from './plan-files.ts'
import { PROJECT } from './published.ts'
import type { TreeFile } from './trees.ts'
import type { WorkTree } from './work-tree.ts'

/** What an init did, or would do. */
export type Report = Made | Finished

/** What an init of before began, which was killed, is whole now; nothing else was done. */
interface Finished {
  readonly kind: 'finished'
  /** Absolute. */
  readonly folder: string
}

interface Made {
  readonly kind: 'made'
  /** Absolute. */
  readonly folder: string
  readonly choices: Choices
  readonly files: readonly TreeFile[]
  /** The git work tree that the folder is a part of. */
  readonly tree: WorkTree | undefined
  readonly isDryRun: boolean
}

/** The folder as the person calls it. */
export function shown(io: Io, folder: string): string {
  const path = relative(io.folder, folder)
  return path === '' ? '.' : path.startsWith('..') ? folder : path
}

/** What is told at the end: what there is, and the next commands. */
export function tellReport(io: Io, report: Report, json: boolean | undefined): void {
  const place = visible(shown(io, report.folder))
  if (report.kind === 'finished') {
    const result = { ok: true, exit_code: EXIT.done, folder: report.folder, finished: true }
    const text = `An init that was cut off in ${place} is finished, with what was chosen then; nothing else was written.\n`
    io.out(json === true ? `${JSON.stringify(result, undefined, 2)}\n` : text)
    return
  }
  const { folder, choices, files, tree, isDryRun } = report
  const next = nextCommands(io, report)
  if (json === true) {
    const listed = files.map(({ path, text }) => ({ path, bytes: Buffer.byteLength(text) }))
    const result = {
      ok: true,
      exit_code: EXIT.done,
      folder,
      dry_run: isDryRun,
      ...choices,
      work_tree: tree?.root ?? null,
      files: listed,
      next,
    }
    io.out(`${JSON.stringify(result, undefined, 2)}\n`)
    return
  }
  if (isDryRun) {
    io.out(
      `${files.map(({ path }) => `${path}\n`).join('')}\n${files.length} files for ${place}. Nothing was written.\n`,
    )
    return
  }
  io.out(
    `Wrote ${files.length} files into ${place}, for the database ${visible(choices.database)}.\n${unknownPlace(choices)}${otherRoot(report)}`,
  )
  io.out(`\nNext:\n${next.map((command) => `  ${command}\n`).join('')}\nREADME.md explains the daily work.\n`)
}

function nextCommands(io: Io, { folder, tree, choices }: Made): readonly string[] {
  const place = shown(io, folder)
  const go = place === '.' ? [] : [`cd ${quoted(place)}`]
  const move = tree === undefined || !choices.workflow ? [] : [moveOf(tree, choices)]
  return [...go, ...move, 'stage0 check --repository .', 'stage0 start --repository .']
}

/** The command that puts the workflow where it is read, given in the folder. */
function moveOf({ path }: WorkTree, { name }: Choices): string {
  const to = `${path.split('/').fill('..').join('/')}/.github/workflows`
  return `mkdir -p ${to} && mv .github/workflows/stage0.yml ${to}/stage0-${name}.yml`
}

/** A workflow that stays in the folder would never run. */
function otherRoot({ tree, choices }: Made): string {
  if (tree === undefined || !choices.workflow) return ''
  return `The folder is a part of the git repository ${visible(tree.root)}, and GitHub reads workflows at its root only: move the one of these files there.\n`
}

/** The files name an image and an action that are yet to be found. */
function unknownPlace({ project, docker, compose, workflow }: Choices): string {
  if (project !== PROJECT || !(docker || compose || workflow)) return ''
  return `Its files name ${PROJECT} as the place of the images and the action of Stage0: --project names another one.\n`
}

/** As a shell takes it; what is no plain path stands in quotes. */
const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) && !path.startsWith('-')
    ? path.split(sep).join('/')
    : `'${visible(path).replaceAll("'", "'\\''")}'`
