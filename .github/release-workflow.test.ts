import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Job {
  readonly needs?: string | readonly string[]
  readonly 'runs-on'?: string
  readonly strategy?: { readonly matrix: Readonly<Record<string, unknown>> }
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
const needsOf = (name: string): readonly string[] => [release.jobs[name]?.needs ?? []].flat()
const mayWrite = ({ permissions = {} }: Job): boolean => Object.values(permissions).includes('write')

describe('the release', () => {
  it('is not dropped for a later push: no run waits for another, and each version publishes by itself', () => {
    expect(release.concurrency).toBeUndefined()
    for (const name of ['npm', 'images', 'tag'])
      expect(release.jobs[name]?.concurrency?.group, name).toContain('needs.version.outputs.version')
  })

  it('installs and builds nothing of the project where a token writes, and leaves none behind', () => {
    const writing = jobs.filter(([, job]) => mayWrite(job))
    expect(writing.map(([name]) => name)).toEqual(['propose', 'images', 'npm', 'tag'])
    for (const [name, { steps }] of writing) {
      expect(JSON.stringify(steps), name).not.toMatch(/pnpm|npx|npm (ci|install)|actions\/setup"/)
      for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')))
        expect(step.with, name).toMatchObject({ 'persist-credentials': false })
    }
    expect(release.permissions).toEqual({ contents: 'read' })
    const reading = jobs.filter(([, job]) => !mayWrite(job) && job.permissions !== undefined)
    expect(reading.map(([name]) => name)).toEqual(['start'])
  })

  it('runs actions of the code host alone where code may be written, or published to npm', () => {
    const strict = jobs.filter(([name, { permissions = {} }]) => permissions['contents'] === 'write' || name === 'npm')
    expect(strict.map(([name]) => name)).toEqual(['propose', 'npm', 'tag'])
    for (const [name, { steps }] of strict)
      for (const { uses = 'actions/' } of steps) expect(uses, name).toMatch(/^actions\//)
  })

  it('signs where an image comes from by its digest, with the rights that it needs', () => {
    const { permissions, steps } = release.jobs['images'] as Job
    expect(permissions).toMatchObject({ 'id-token': 'write', attestations: 'write', packages: 'write' })
    const attest = steps.find(({ uses }) => uses?.startsWith('actions/attest-build-provenance@'))
    expect(attest?.with).toMatchObject({ 'subject-digest': '${{ steps.build.outputs.digest }}' })
  })

  it('gives nothing a name before all of it is there: images by digest, started, then npm, then the tags', () => {
    expect(needsOf('start')).toEqual(['version', 'images'])
    expect(needsOf('npm')).toEqual(expect.arrayContaining(['pack', 'start']))
    // The proposal of the next version is of another run's matter: it has none to wait for.
    const others = jobs.map(([name]) => name).filter((name) => !['propose', 'tag'].includes(name))
    const reached = new Set(needsOf('tag'))
    for (const name of reached) for (const need of needsOf(name)) reached.add(need)
    expect([...reached].sort()).toEqual(others.sort())
    expect(jobs.at(-1)?.[0]).toBe('tag')
    expect(jobs.filter(([name]) => needsOf(name).includes('tag'))).toEqual([])
  })

  it('pushes images by their digest alone: only the last job names one', () => {
    const build = release.jobs['images']?.steps.find(({ uses }) => uses?.startsWith('docker/build-push-action@'))
    expect(build?.with).not.toHaveProperty('tags')
    expect(build?.with).not.toHaveProperty('push')
    expect(String(build?.with?.['outputs']).split(',')).toEqual(
      expect.arrayContaining(['type=image', 'push=true', 'push-by-digest=true', 'name-canonical=true']),
    )
    const naming = jobs.filter(([, { steps }]) => /imagetools|docker push|tag-images\.sh/.test(JSON.stringify(steps)))
    expect(naming.map(([name]) => name)).toEqual(['tag'])
    const meta = release.jobs['images']?.steps.find(({ uses }) => uses?.startsWith('docker/metadata-action@'))
    expect(meta?.with).toMatchObject({ flavor: 'latest=false', tags: expect.not.stringContaining('\n') as string })
  })

  it('starts what was pushed on each platform itself, where nothing may be written', () => {
    const build = release.jobs['images']?.steps.find(({ uses }) => uses?.startsWith('docker/build-push-action@'))
    expect(build?.with?.['platforms']).toBe('linux/amd64,linux/arm64')
    const start = release.jobs['start'] as Job
    expect(start.strategy?.matrix).toEqual({ runner: ['ubuntu-24.04', 'ubuntu-24.04-arm'] })
    expect(start['runs-on']).toBe('${{ matrix.runner }}')
    expect(start.permissions).toEqual({ contents: 'read', packages: 'read' })
    expect(start.steps.at(-1)?.run).toBe('docker/smoke-pushed.sh "$RUNNER_TEMP/images" "$VERSION" "$BUILT_AT"')
  })

  it('knows the history where it is asked which commit raised the version', () => {
    const asking = jobs.filter(([, { steps }]) => /release-state\.sh|main\.ts publish/.test(JSON.stringify(steps)))
    expect(asking.map(([name]) => name)).toEqual(['version', 'npm'])
    for (const [name, { steps }] of asking)
      expect(steps[0], name).toMatchObject({ uses: 'actions/checkout@v6', with: { 'fetch-depth': 0 } })
  })

  it('hands on what it made under names that a job which is run again may take once more', () => {
    const kept = jobs.flatMap(([, { steps }]) =>
      steps.filter(({ uses }) => uses?.startsWith('actions/upload-artifact@')),
    )
    expect(kept).toHaveLength(3)
    for (const step of kept) expect(step.with).toMatchObject({ 'if-no-files-found': 'error', overwrite: true })
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
