import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..')
const COMMAND = join(ROOT, 'apps/cli/dist/main.js')
/** The repository that the product brings. */
export const SAMPLE = join(ROOT, 'packages/templates/sample')
/** A repository that was merged from specifications. */
export const MENTORHUB = join(ROOT, 'packages/templates/mentorhub/mentorhub_mongodb_api')

/** A process of the built command, ended with its test. */
export class Stage0Process {
  readonly process: ChildProcess
  #output = ''

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.process = spawn(process.execPath, [COMMAND, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
    })
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.on('data', (data: Buffer) => (this.#output += data.toString()))
  }

  /** All that it printed, for messages about failures. */
  get output(): string {
    return this.#output
  }

  /** The first match in a line of standard output. */
  async until(pattern: RegExp): Promise<string> {
    const { stdout } = this.process
    if (stdout === null) throw new Error('the process has no output')
    for await (const line of createInterface({ input: stdout })) {
      const match = pattern.exec(line)
      if (match !== null) return match[1] ?? match[0]
    }
    throw new Error(`it ended before it printed ${String(pattern)}:\n${this.#output}`)
  }

  /** Ends it and waits for its end. @returns its exit code, `null` where a signal ended it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit')
      this.process.kill(signal)
      await ended
    }
    return this.process.exitCode
  }
}

/** Where a database is: the server of MONGO_CONNECTION_STRING, or an embedded one of its own. */
export interface TestServer {
  readonly uri: string
  end(): Promise<unknown>
}

/** @param replicaSet The name of a replica set that an embedded server is; else it is standalone. */
export async function startServer(replicaSet?: string): Promise<TestServer> {
  const given = process.env['MONGO_CONNECTION_STRING'] ?? ''
  if (given !== '') return { uri: given, end: () => Promise.resolve() }
  const args = replicaSet === undefined ? [] : ['--replica-set', replicaSet]
  const embedded = new Stage0Process(['embedded', '--json', ...args])
  return { uri: await embedded.until(/"uri":"([^"]+)"/), end: () => embedded.end() }
}

export interface ServiceSettings {
  /** The folder of the repository; it is used as it is. */
  readonly repository: string
  readonly uri: string
  readonly database: string
  /** Settings besides. */
  readonly settings?: Readonly<Record<string, string>>
  /** 0: a free one. */
  readonly port?: number
}

export interface RunningService {
  /** Without a final slash. */
  readonly url: string
  readonly process: Stage0Process
}

/** Serves API and console as the command does. */
export async function startService({
  repository,
  uri,
  database,
  settings,
  port = 0,
}: ServiceSettings): Promise<RunningService> {
  const args = ['serve', '--repository', repository, '--uri', uri, '--database', database, '--port', String(port)]
  const started = new Stage0Process([...args, '--json'], settings)
  const url = await started.until(/"url":"([^"]+)"/)
  return { url: url.replace(/\/$/, ''), process: started }
}

/** Files to put into a copy of a repository, by path; `undefined` removes one. */
export type Changes = Readonly<Record<string, string | undefined>>

/** A copy of a repository with changes, in a folder of its own. */
export async function copyRepository(from: string, changes: Changes = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stage0-e2e-'))
  await cp(from, folder, { recursive: true })
  await change(folder, changes)
  return folder
}

export async function change(folder: string, changes: Changes): Promise<void> {
  for (const [path, text] of Object.entries(changes)) {
    const file = join(folder, path)
    if (text === undefined) await rm(file, { force: true })
    else {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
    }
  }
}
