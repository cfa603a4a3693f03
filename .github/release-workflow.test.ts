import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly concurrency?: { readonly group: string }
  readonly steps: readonly Step[]
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>
  readonly concurrency?: { readonly group: string }
  readonly jobs: Readonly<Record<string, Job>>
}

const textOf = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
const release = load(textOf('workflows/release.yml')) as Workflow
const jobs = Object.entries(release.jobs)
const mayWrite = ({ permissions = {} }: Job): boolean => Object.values(permissions).includes('write')

describe('the release', () => {
  it('is not dropped for a later push: no run waits for another, and each version publishes by itself', () => {
    expect(release.concurrency).toBeUndefined()
    for (const name of ['npm', 'images', 'tag'])
      expect(release.jobs[name]?.concurrency?.group, name).toContain('needs.version.outputs.version')
  })

  it('installs and builds nothing of the project where a token writes, and leaves none behind', () => {
    const writing = jobs.filter(([, job]) => mayWrite(job))
    expect(writing.map(([name]) => name)).toEqual(['propose', 'npm', 'images', 'tag'])
    for (const [name, { steps }] of writing) {
      expect(JSON.stringify(steps), name).not.toMatch(/pnpm|npx|npm (ci|install)|actions\/setup"/)
      for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')))
        expect(step.with, name).toMatchObject({ 'persist-credentials': false })
    }
    expect(release.permissions).toEqual({ contents: 'read' })
    for (const [name, job] of jobs) if (!mayWrite(job)) expect(job.permissions, name).toBeUndefined()
  })

  it('signs where an image comes from by its digest, with the rights that it needs', () => {
    const { permissions, steps } = release.jobs['images'] as Job
    expect(permissions).toMatchObject({ 'id-token': 'write', attestations: 'write', packages: 'write' })
    const attest = steps.find(({ uses }) => uses?.startsWith('actions/attest-build-provenance@'))
    expect(attest?.with).toMatchObject({ 'subject-digest': '${{ steps.build.outputs.digest }}' })
  })

  it('names as the newest only what is', () => {
    const meta = release.jobs['images']?.steps.find(({ uses }) => uses?.startsWith('docker/metadata-action@'))
    expect(meta?.with).toMatchObject({ flavor: 'latest=false' })
    const [, ...moving] = String(meta?.with?.['tags']).trim().split('\n')
    for (const tag of moving) expect(tag).toContain('steps.rank.outputs.of-')
  })
})

describe('a workflow with the action', () => {
  it.each([
    ['of its README', /```yaml\n([\s\S]*?)```/.exec(textOf('../action/README.md'))?.[1] ?? ''],
    ['of init', textOf('../packages/templates/init/workflow/dot-github/workflows/stage0.yml')],
  ])('%s ends the run of an earlier push', (_whose, text) => {
    expect((load(text) as Workflow).concurrency).toEqual({
      group: 'stage0-${{ github.ref }}',
      'cancel-in-progress': true,
    })
  })
})
