import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startEmbedded } from '@stage0/embedded'
import { isLoopback } from '@stage0/workspace'
import { describe, expect, it, onTestFinished } from 'vitest'
import { filesIn, MENTORHUB } from '../testing/products.ts'
import { recordingIo } from '../testing/recording-io.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { readSettings } from '../wiring/settings.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
/** What needs an engine for containers, or the published package. */
const LOOKED_AT = /^(?:docker|npm) /
/** The database of the compose file, for which another one stands in here. */
const ADDRESS = 'mongodb://127.0.0.1:27017/?directConnection=true'
const IMAGE = 'ghcr.io/mentor--hub/mentorhub_mongodb_api'

const product = filesIn(MENTORHUB.product)
/** What a person is to give to a shell, in its order. */
const blocks = [...(product.get('README.md') ?? '').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)

describe('the README of a merged repository', () => {
  it('says commands that work, one after the other', async () => {
    const root = await temporaryFolder()
    const folder = join(root, 'mentorhub_mongodb_api')
    const bin = join(root, 'bin')
    // As they stand beside each other: the specifications, and what is merged from them.
    await cp(MENTORHUB.specifications, join(root, 'specifications'), { recursive: true })
    await mkdir(bin)
    await writeFile(join(bin, 'stage0'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`)
    await chmod(join(bin, 'stage0'), 0o755)
    const server = await startEmbedded()
    onTestFinished(() => server.close())
    const env = {
      PATH: [bin, process.env['PATH']].join(delimiter),
      HOME: root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'T',
      GIT_AUTHOR_EMAIL: 't@x.example',
      GIT_COMMITTER_NAME: 'T',
      GIT_COMMITTER_EMAIL: 't@x.example',
    }
    const bash = async (script: string, cwd: string) =>
      (await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd, env })).stdout
    await bash(
      'stage0 merge --template mongodb-api --specifications specifications --output mentorhub_mongodb_api',
      root,
    )

    const script = blocks.filter((block) => !LOOKED_AT.test(block)).join('')
    expect(script.split(ADDRESS)).toHaveLength(2)
    const said = await bash(script.replace(ADDRESS, server.uri), folder)
    expect(said).toMatch(/^no problems$/m)
    expect(said).toContain('in sync')
    // After the commit: an apply of what is applied already, and a merge that brings nothing new.
    const after = said.slice(said.indexOf('The schema of the database'))
    expect(after).toMatch(/nothing to do/i)
    const changed = await bash('git status --porcelain', folder)
    expect(changed).toBe('')
    // The edit of the page is one that people made: the merge left it as it was.
    expect(filesIn(join(folder, 'configurations')).get('Identity.yaml')).toContain('version: 0.2.0.0')
    expect((await bash('git ls-files', folder)).split('\n')).toContain('.stage0_merge.json')
  })

  it('has each command that needs containers or the published package', () => {
    const said = blocks.filter((block) => LOOKED_AT.test(block)).flatMap((block) => block.trim().split(/(?<!\\)\n/))
    expect(said.map((line) => line.replaceAll(/\\\n */g, '')).map((line) => line.split(' --env')[0])).toEqual([
      expect.stringMatching(/^npm install --global @stage0\/cli@\S+$/),
      'docker compose --profile playground up --detach --wait',
      'docker compose --profile playground down',
      'STAGE0_USER=$(id -u):$(id -g) docker compose --profile dev up --detach --wait',
      `docker build --tag ${IMAGE} .`,
      'docker run --rm --network mentorhub_mongodb_api',
      'docker compose --profile dev down',
      'docker compose --profile deploy up --build --detach --wait',
    ])
  })

  it('runs its image as a job that reaches the database of the compose file', () => {
    const [run = ''] = blocks.filter((block) => block.startsWith('docker run '))
    expect(run.trim()).toMatch(new RegExp(`${IMAGE} apply --yes$`))
    const environment = Object.fromEntries(
      [...run.matchAll(/--env (\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value.replaceAll("'", '')]),
    )
    const settings = readSettings(recordingIo({ environment }), {})
    if (!settings.ok) throw new Error(settings.error[0]?.text)
    const { hostname, searchParams } = new URL(settings.value.MONGO_CONNECTION_STRING.value)
    const compose = product.get('compose.yaml') ?? ''
    expect([hostname, searchParams.get('replicaSet')]).toEqual(['mongodb', 'rs0'])
    expect(compose).toContain(`  ${hostname}:\n`)
    expect(compose).toContain("command: ['--replSet', 'rs0', '--bind_ip_all']")
    expect(compose).toContain(`image: '${IMAGE}'`)
    expect(isLoopback(hostname) || !settings.value.MONGODB_REQUIRE_TLS.value).toBe(true)
  })
})
