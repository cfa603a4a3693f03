import { SETTINGS } from '@stage0/workspace'
import { describe, expect, it } from 'vitest'
import { allLinesOf, environmentOf, instructionsOf, stagesOf } from './testing/dockerfile.ts'
import { projectFiles, textOf, yamlOf } from './testing/project-files.ts'

const stages = stagesOf(textOf('docker/Dockerfile'))
const linesOf = (name: string) => allLinesOf(stages, name)
const valueOf = (name: string, setting: string) => environmentOf(linesOf(name)).get(setting)
/** The last of an instruction counts. */
const lastOf = (name: string, instruction: string) =>
  linesOf(name).findLast((line) => line.startsWith(`${instruction} `))

const IMAGES = ['service', 'api', 'spa', 'batch', 'packaged']
const SERVERS = [
  ['service', 'API'],
  ['packaged', 'API'],
  ['api', 'API'],
  ['spa', 'SPA'],
] as const

describe('the images', () => {
  it('are the targets that there are; without one it is the service', () => {
    expect(
      stages
        .map(({ name }) => name)
        .filter((name) => name !== 'build' && name !== 'runtime')
        .sort(),
    ).toEqual([...IMAGES].sort())
    expect(stages.at(-1)?.name).toBe('service')
  })

  it.each(IMAGES)('%s does not run as root, and has its program as process 1', (name) => {
    expect(lastOf(name, 'USER')).toMatch(/^USER [1-9]\d*:[1-9]\d*$/)
    expect(lastOf(name, 'ENTRYPOINT')).toMatch(/^ENTRYPOINT \["node"/)
  })

  it.each(IMAGES)('%s is set up with settings that there are', (name) => {
    const names = [...environmentOf(linesOf(name)).keys()].filter((each) => each !== 'NODE_ENV')
    expect(names).toContain('API_BUILT_AT')
    expect(names.filter((each) => !Object.hasOwn(SETTINGS, each))).toEqual([])
  })

  it.each(IMAGES)('%s has nothing of the build but what is deployed', (name) => {
    const copied = linesOf(name).filter((line) => line.includes('--from=build'))
    expect(copied.length).toBeGreaterThan(0)
    for (const line of copied) expect(line).toMatch(/--from=build \/app/)
  })

  it.each(SERVERS)('%s says which port it listens on, and is looked after there', (name, prefix) => {
    const port = valueOf(name, `${prefix}_PORT`)
    expect(lastOf(name, 'EXPOSE')).toBe(`EXPOSE ${port ?? '?'}`)
    expect(valueOf(name, `${prefix}_HOST`)).toBe('0.0.0.0')
    expect(lastOf(name, 'HEALTHCHECK')).toContain(`process.env.${prefix}_PORT`)
  })

  it('batch is a job by default', () => {
    expect([valueOf('batch', 'AUTO_PROCESS'), valueOf('batch', 'EXIT_AFTER_PROCESSING')]).toEqual(['true', 'true'])
    expect(lastOf('batch', 'CMD')).toBe('CMD ["serve"]')
    expect(lastOf('batch', 'HEALTHCHECK')).toBeUndefined()
  })

  it('have a base of their own choice, Node 24, and a build that is not repeated for each platform', () => {
    expect(textOf('docker/Dockerfile')).toMatch(/^ARG NODE_IMAGE=node:24-\w+-slim$/m)
    for (const { name, from } of stages)
      if (['build', 'runtime'].includes(name)) expect(from, name).toMatch(/^\$\{NODE_IMAGE\}$/)
    expect(textOf('docker/Dockerfile')).toContain('FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build')
  })
})

describe('a packaged repository', () => {
  const three = instructionsOf(textOf('docker/repository.Dockerfile')).filter((line) => !line.startsWith('ARG '))

  it('is three lines', () => {
    expect(three.map((line) => line.split(' ', 1)[0])).toEqual(['FROM', 'COPY', 'RUN'])
  })

  it('is packaged by the image itself in the same way', () => {
    const [, copy = '', run = ''] = three
    const lines = linesOf('packaged')
    expect(lines).toContain(run)
    expect(lines).toContain(copy.replace(' . ', ' ${REPOSITORY} '))
    expect(linesOf('runtime').join('\n')).toContain('/usr/local/bin/stage0-package')
  })

  it.each([
    ['by its own Dockerfile', instructionsOf(textOf('docker/repository.Dockerfile'))],
    ['by the image itself', stages.find(({ name }) => name === 'packaged')?.lines ?? []],
  ])(
    'gets the time of a build that can be repeated: %s, a command sees what is declared in its stage',
    (_how, lines) => {
      const [declared, run] = ['ARG SOURCE_DATE_EPOCH', 'RUN ["stage0-package"]'].map((line) => lines.indexOf(line))
      expect(declared).toBeGreaterThan(lines.findIndex((line) => line.startsWith('FROM ')))
      expect(run).toBeGreaterThan(declared ?? NaN)
      expect(textOf('docker/README.md')).toContain('`ARG SOURCE_DATE_EPOCH`')
    },
  )

  it('is told so in the documentation', () => {
    const [from = '', copy = '', run = ''] = three
    const text = textOf('docker/README.md')
    expect(text).toContain(`${copy}\n${run}\n`)
    expect(text).toContain(from.replace('${STAGE0}', ''))
  })
})

describe('commands of the documentation', () => {
  const runs = [...textOf('docker/README.md').matchAll(/^docker run (?:.*\\\n)*.*$/gm)].map(([command]) => command)
  const published = runs.filter((command) => / -p /.test(command))

  it('run a console on its own, too', () => {
    expect(published.some((command) => /stage0-spa$/.test(command) && command.includes('API_URL='))).toBe(true)
  })

  it.each(published)('may listen where they are published, on this machine alone: %s', (command) => {
    expect(command).toMatch(/ -p 127\.0\.0\.1:(\d+):\1 /)
    expect(command).toContain('-e AUTH_NONE_ANYWHERE=true')
  })
})

describe('workflows', () => {
  interface Step {
    readonly uses?: string
    readonly with?: Readonly<Record<string, unknown>>
  }
  const steps = projectFiles(/^\.github\/workflows\/.*\.ya?ml$/).flatMap(({ path, text }) => {
    const { jobs } = yamlOf(text) as { readonly jobs: Readonly<Record<string, { readonly steps?: readonly Step[] }>> }
    return Object.values(jobs).flatMap((job) => (job.steps ?? []).map((step) => ({ path, text, step })))
  })

  it('build images only by targets that there are', () => {
    expect(steps.length).toBeGreaterThan(0)
    for (const { path, text, step } of steps) {
      const target = step.with?.['target']
      if (!(step.uses ?? '').startsWith('docker/build-push-action') || typeof target !== 'string') continue
      const isOfMatrix = target.startsWith('${{')
      const named = isOfMatrix ? [...text.matchAll(/\btarget:\s*([a-z]+)\s*$/gm)].map(([, name]) => name) : [target]
      const listed = isOfMatrix
        ? [...text.matchAll(/\btarget:\s*\[([^\]]*)\]/g)].flatMap(([, names = '']) => names.split(/,\s*/))
        : []
      const all = [...named, ...listed]
      expect(all.length, `${path}: ${target}`).toBeGreaterThan(0)
      for (const name of all) expect(IMAGES, path).toContain(name)
    }
  })
})
