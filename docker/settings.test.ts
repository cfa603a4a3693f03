import { ERRORS } from '@stage0/types'
import { SETTINGS } from '@stage0/workspace'
import { describe, expect, it } from 'vitest'
import { projectFiles } from './testing/project-files.ts'

/** What is written like a setting. */
const NAME = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g
/** Files that tell people or machines how to run Stage0; code is held to its names by the compiler. */
const TOLD = /\.md$|\.ya?ml$|\.sh$|(?:^|[/.])Dockerfile$|\.env$/

/** Names that belong to others, by how they begin. */
const FOREIGN_FAMILIES = ['COMPOSE_', 'GIT_', 'GITHUB_', 'KC_', 'RUNNER_', 'STEPCI_', 'TURBO_'] as const
/** Inputs of the action on their way into its program. */
const ACTION_INPUTS = 'ACTION_'
/** The others: each with who reads it. */
const OTHERS: Readonly<Record<string, string>> = {
  BASH_SOURCE: 'the shell',
  BUILD_INDEXES: 'the first API, as a kind of event',
  DO_NOT_TRACK: 'tools that would report home',
  GH_TOKEN: 'gh, the command of GitHub',
  MAY_PUBLISH: '.github/scripts/release-state.sh',
  NODE_ENV: 'Node libraries',
  NODE_EXTRA_CA_CERTS: 'Node',
  NODE_IMAGE: 'docker/Dockerfile, as an argument of the build',
  NPM_TOKEN: '.github/workflows/release.yml, as a secret of the repository',
  PAUSE_S: '.github/scripts/start-mongodb.sh',
  RELEASE_ENABLED: '.github/workflows/release.yml, as a variable of the repository',
  REPO_FOLDER: 'the first implementation of merging, which has it for the folder of the template',
  SERVICE_NAME: 'templates, as a name of the environment that one may declare',
  SOURCE_DATE_EPOCH: 'docker/package-repository.sh',
  SPECIFICATIONS_FOLDER: 'the first implementation of merging',
  STAGE0_FIXTURES: 'tests',
  STAGE0_NODE_VERSION: 'docker/smoke.sh',
  STAGE0_REPOSITORY: 'compose files',
  STAGE0_URL: 'e2e/curl.sh',
  STAGE0_USER: 'compose files',
  STAGE0_VECTORS: 'tests',
}

const isOurs = (name: string): boolean => Object.hasOwn(SETTINGS, name) || Object.hasOwn(ERRORS, name)
const isForeign = (name: string): boolean =>
  Object.hasOwn(OTHERS, name) || [...FOREIGN_FAMILIES, ACTION_INPUTS].some((family) => name.startsWith(family))

const files = projectFiles(TOLD).map(({ path, text }) => ({
  path,
  names: new Set([...text.matchAll(NAME)].map(([name]) => name)),
}))

describe('what is told of settings', () => {
  it.each(files.filter(({ names }) => names.size > 0).map(({ path, names }) => [path, names] as const))(
    '%s names only settings and codes that there are',
    (_path, names) => {
      expect([...names].filter((name) => !isOurs(name) && !isForeign(name))).toEqual([])
    },
  )

  it('is told where it is looked for: each kind of file is among those that are read', () => {
    const paths = files.map(({ path }) => path)
    for (const path of ['docker/Dockerfile', 'docker/compose.yaml', 'docs/settings.md', '.github/workflows/check.yml'])
      expect(paths).toContain(path)
    const templates = files.filter(({ path }) => path.startsWith('packages/templates/'))
    expect(templates.some(({ names }) => names.has('MONGO_CONNECTION_STRING'))).toBe(true)
  })

  it('knows nothing of others that nobody writes any more', () => {
    expect(Object.keys(OTHERS).filter((name) => !files.some(({ names }) => names.has(name)))).toEqual([])
  })

  it('holds no setting that is one of the others: its name would be checked nowhere', () => {
    expect(Object.keys(OTHERS).filter(isOurs)).toEqual([])
  })
})
