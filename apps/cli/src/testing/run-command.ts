import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** How a child process of a test ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Settings of the run; the environment of the test itself is not passed on. */
  readonly environment?: Readonly<Record<string, string>>
  readonly folder?: string
  /** In place of the command as it was built here. */
  readonly main?: string
  /** Gives up what lets root read everything: see `whenRoot`. */
  readonly obeyPermissions?: true
}

/** Where the test runs as root, file permissions count for the child only without these capabilities. */
const whenRoot = ['--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-dac_override,-dac_read_search']

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when standard output and standard error together match. */
  saying(pattern: RegExp): Promise<void>
}

/** Starts the built command, as a person would: `pnpm test` builds it before. */
export function startStage0(
  args: readonly string[],
  { environment = {}, folder, main = MAIN, obeyPermissions }: RunOptions = {},
): Running {
  if (!existsSync(main)) throw new Error('The command is not built: run `pnpm build`.')
  const command = [process.execPath, main, ...args]
  if (obeyPermissions && process.getuid?.() === 0) command.unshift('setpriv', ...whenRoot)
  const [program = '', ...rest] = command
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...environment },
    ...(folder === undefined ? {} : { cwd: folder }),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  const saying = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (pattern.test(stdout + stderr)) resolve()
      }
      look()
      child.stdout.on('data', look)
      child.stderr.on('data', look)
      child.once('close', () => reject(new Error(`ended without saying ${String(pattern)}:\n${stdout}${stderr}`)))
    })
  return { child, ended, saying }
}

/** Runs the command to its end. */
export const stage0 = (args: readonly string[], options?: RunOptions): Promise<Ended> =>
  startStage0(args, options).ended
