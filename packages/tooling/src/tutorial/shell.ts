import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Ran {
  readonly exit: number | null
  /** Standard output and standard error, as a terminal shows them. */
  readonly output: string
}

/** Terminals of a reader: what the first one exports and where it stands counts for its next commands. */
export class Shell {
  readonly #folder: string
  readonly #state: string
  readonly #environment: Readonly<Record<string, string>>
  readonly #others: ChildProcess[] = []
  #count = 0

  private constructor(folder: string, state: string, environment: Readonly<Record<string, string>>) {
    this.#folder = folder
    this.#state = state
    this.#environment = environment
  }

  /** @param folder Where the terminals begin; `state` is a folder for what has to be remembered. */
  static async start(folder: string, state: string, environment: Readonly<Record<string, string>>): Promise<Shell> {
    await mkdir(state, { recursive: true })
    await writeFile(join(state, 'exports'), '')
    await writeFile(join(state, 'folder'), folder)
    return new Shell(folder, state, environment)
  }

  /** Where the first terminal stands. */
  readonly where = async (): Promise<string> => (await readFile(join(this.#state, 'folder'), 'utf8')).trim()

  async run(commands: string): Promise<Ran> {
    const script = `. "$STATE/exports"\ncd "$(cat "$STATE/folder")"\nset -e\ntrap 'export -p > "$STATE/exports"; pwd > "$STATE/folder"' EXIT\n${commands}`
    const { child, output } = this.#spawn(script, this.#folder)
    const [exit] = (await once(child, 'close')) as [number | null]
    return { exit, output: await output() }
  }

  /** Begins a command that goes on in a terminal of its own; its output so far may be read at any time. */
  begin(command: string, folder: string): { readonly output: () => Promise<string>; readonly ended: Promise<unknown> } {
    const { child, output } = this.#spawn(`. "$STATE/exports"\nexec ${command}`, folder)
    this.#others.push(child)
    return { output, ended: once(child, 'close') }
  }

  /** Ctrl-C in the other terminals; resolves when what ran there has ended. */
  async close(): Promise<void> {
    for (const child of this.#others.splice(0).reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const ended = once(child, 'close')
      child.kill('SIGINT')
      await ended
    }
  }

  #spawn(script: string, folder: string) {
    this.#count += 1
    const path = join(this.#state, `output-${this.#count}`)
    const file = openSync(path, 'a')
    const env = { ...this.#environment, STATE: this.#state }
    // One file for both: two pipes would lose the order between them.
    const child = spawn('sh', ['-c', script], { cwd: folder, env, stdio: ['ignore', file, file] })
    closeSync(file)
    return { child, output: () => readFile(path, 'utf8') }
  }
}
