import { ok, type Result } from '@stage0/types'
import type { Failure } from '../failure.ts'
import type { Io } from '../terminal/io.ts'
import { databaseAfter, nameAfter, parseDatabase, parseName, parseProject } from './names.ts'
import type { Choices } from './plan-files.ts'
import { PROJECT } from './published.ts'
import { askText, askYes } from './questions.ts'

/** What the options of the command say; what they leave open is asked, or is as proposed. */
export interface Given {
  readonly name?: string
  readonly database?: string
  readonly project?: string
  readonly sample?: boolean
  readonly docker?: boolean
  readonly compose?: boolean
  readonly workflow?: boolean
}

type Parse = (text: string) => Result<string, Failure>

/**
 * What the new repository is to be.
 *
 * @param folder Absolute; the name is proposed after it.
 * @param asks   Whether there is somebody to ask.
 * @returns `INIT_NAME_INVALID`, or that the questions were not answered.
 */
export async function choose(io: Io, folder: string, given: Given, asks: boolean): Promise<Result<Choices, Failure>> {
  const text = async (value: string | undefined, question: string, proposal: string, parse: Parse) =>
    asks && value === undefined ? askText(io, question, proposal, parse) : parse(value ?? proposal)
  const yes = async (value: boolean | undefined, question: string): Promise<Result<boolean, Failure>> =>
    asks && value === undefined ? askYes(io, question) : ok(value ?? true)

  const project = parseProject(given.project ?? PROJECT)
  if (!project.ok) return project
  const name = await text(given.name, 'Name of the repository', nameAfter(folder), parseName)
  if (!name.ok) return name
  const database = await text(given.database, 'Name of the database', databaseAfter(name.value), parseDatabase)
  if (!database.ok) return database
  const sample = await yes(given.sample, 'With the sample collections organization and user?')
  if (!sample.ok) return sample
  const docker = await yes(given.docker, 'With a Dockerfile, to package the files for deployment?')
  if (!docker.ok) return docker
  const compose = await yes(given.compose, 'With a compose file: a database and the console on this machine?')
  if (!compose.ok) return compose
  const workflow = await yes(given.workflow, 'With a GitHub workflow that checks and plans pull requests?')
  if (!workflow.ok) return workflow
  return ok({
    name: name.value,
    database: database.value,
    project: project.value,
    sample: sample.value,
    docker: docker.value,
    compose: compose.value,
    workflow: workflow.value,
  })
}
