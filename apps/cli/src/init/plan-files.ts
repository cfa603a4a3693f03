import { editorSettings, schemaFiles } from '@stage0/core'
import { SETTINGS } from '@stage0/workspace'
import { fill, type Values } from './fill.ts'
import { actionOf, imageOf, PACKAGE } from './published.ts'
import { readTree, type TreeFile } from './trees.ts'
import type { WorkTree } from './work-tree.ts'
import { visible } from '../terminal/visible.ts'

/** What a new repository is to be. */
export interface Choices {
  readonly name: string
  readonly database: string
  /** Where Stage0 is published: owner/repository. */
  readonly project: string
  /** With the sample collections, or without any. */
  readonly sample: boolean
  readonly docker: boolean
  readonly compose: boolean
  readonly workflow: boolean
}

/** Where the JSON Schemas of the files are, for editors. */
const SCHEMAS = '.schemas'
/** Where a repository has its files, as long as no setting says otherwise. */
const FOLDERS = {
  configurations: SETTINGS.CONFIGURATION_FOLDER.default,
  dictionaries: SETTINGS.DICTIONARY_FOLDER.default,
  types: SETTINGS.TYPE_FOLDER.default,
  enumerators: SETTINGS.ENUMERATOR_FOLDER.default,
  test_data: SETTINGS.TEST_DATA_FOLDER.default,
  migrations: SETTINGS.MIGRATIONS_FOLDER.default,
}

/**
 * All files of a new repository, in the order of their paths. Nothing is written.
 *
 * @param version Of the command: images and packages that the files name are of the same.
 * @param tree    The git work tree that the repository is made in, as a part of it.
 */
export function planFiles(choices: Choices, version: string, tree?: WorkTree): readonly TreeFile[] {
  const values: Values = {
    NAME: choices.name,
    DATABASE: choices.database,
    VERSION: version,
    PACKAGE,
    IMAGE: imageOf(choices.project),
    ACTION: actionOf(choices.project, version),
    FOLDER: tree === undefined ? '.' : visible(tree.path),
  }
  const parts = [
    'init/repository',
    choices.sample ? 'sample' : 'init/empty',
    ...(choices.docker ? ['init/docker'] : []),
    ...(choices.compose ? ['init/compose'] : []),
    ...(choices.workflow ? ['init/workflow'] : []),
  ]
  const files = [
    ...parts.flatMap(readTree),
    { path: 'README.md', text: readme(choices, tree !== undefined) },
    ...schemaFiles().map(({ name, text }) => ({ path: `${SCHEMAS}/${name}`, text })),
    { path: '.vscode/settings.json', text: `${JSON.stringify(editorSettings(FOLDERS, SCHEMAS), undefined, 2)}\n` },
  ].map(({ path, text }) => ({ path, text: fill(path, text, values) }))
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The parts of the README that fit what was chosen, in the order in which a day goes. */
function readme({ sample, docker, compose, workflow }: Choices, isInTree: boolean): string {
  const texts = new Map(readTree('init/readme').map(({ path, text }) => [path, text.trim()]))
  const parts = [
    'head',
    sample ? 'files-sample' : 'files-empty',
    'command',
    'day',
    sample ? 'edit-sample' : 'edit-empty',
    'check',
    compose ? 'database-compose' : 'database',
    'plan',
    `${isInTree ? 'commit-tree' : 'commit'}${workflow ? '-workflow' : ''}`,
    'deploy-head',
    ...(docker
      ? ['deploy-docker', compose ? 'deploy-docker-compose' : 'deploy-docker-alone', 'deploy-docker-end']
      : ['deploy']),
    'upgrade',
  ]
  return `${parts.map((part) => texts.get(`${part}.md`) ?? missing(part)).join('\n\n')}\n`
}

function missing(part: string): never {
  throw new Error(`The templates have no part ${part} of the README`)
}
