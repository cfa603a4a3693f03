import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Told } from './log.mjs'

/**
 * @typedef {object} Ended
 * @property {number | null} code
 * @property {string} stdout
 * @property {string} stderr
 */

/** Names that are for this action and for the runner, and nothing of the command's or of git's. */
const OWN = /^(ACTION_|ACTIONS_|INPUT_(?!FOLDER$)|GITHUB_TOKEN$)/

/**
 * The environment for programs that are started: settings of Stage0 that the workflow sets, and no token.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 */
export const forChildren = (environment) =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !OWN.test(name)))

/**
 * Runs a program to its end. Arguments are never read by a shell.
 *
 * @param {readonly string[]} command
 * @param {{ cwd: string, env: Record<string, string | undefined> }} options
 * @returns {Promise<Ended>}
 */
export function run([program = '', ...args], { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/**
 * Starts the embedded database of the command, in memory, as a replica set.
 *
 * @param {readonly string[]} stage0 The command.
 * @param {{ cwd: string, env: Record<string, string | undefined> }} options
 * @returns {Promise<{ uri: string, stop: () => Promise<void> }>}
 * @throws {Error} Where it ends before it says where it listens.
 */
export async function startEmbedded([program = '', ...args], { cwd, env }) {
  const child = spawn(program, [...args, 'embedded', '--memory', '--replica-set', 'rs0', '--json'], {
    ...{ cwd, env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.once('error', () => {
    // A program that cannot be started closes too, without a line.
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const { uri } = JSON.parse(line)
    const stop = async () => {
      child.kill('SIGTERM')
      await ended
    }
    return { uri, stop }
  }
  throw new Told('The embedded database did not start.')
}
