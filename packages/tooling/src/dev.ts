import { spawn, type ChildProcess } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Service and console with reload: when a package changes, the command is built and started again while the compiler says
 * what is wrong with the change; the console is served by its bundler with changes shown at once. Arguments go to
 * `stage0 serve`; without any, the sample repository and an embedded database are used (`stage0 start`). Ctrl-C ends all.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
const API_PORT = '8081'
const given = process.argv.slice(2)
const service = given.length > 0 ? ['serve', ...given] : ['start', '--serve']

const children: ChildProcess[] = []
let isEnding = false
function run(name: string, folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const child = spawn(process.execPath, args, {
    cwd: join(root, folder),
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  child.once('exit', (code, signal) => {
    if (isEnding) return
    console.error(`${name} ended (${signal ?? code}); ending the others.`)
    end(1)
  })
  children.push(child)
}

function end(code: number): void {
  isEnding = true
  process.exitCode = code
  for (const child of children) child.kill('SIGTERM')
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(0))

run('The compiler', '.', ['node_modules/typescript/bin/tsc', '-b', '--watch', '--preserveWatchOutput'])
run('The build of the command', '.', ['packages/tooling/dist/build-command.js', '--watch'])
run('The service', '.', ['--watch', '--watch-preserve-output', 'apps/cli/dist/main.js', ...service, '--port', API_PORT])
run('The console', 'apps/spa', ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1'], {
  STAGE0_API: `http://127.0.0.1:${API_PORT}`,
})
