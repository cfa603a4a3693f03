import { parseVersion, versionText, type Configuration, type ConfigurationVersion } from '@stage0/core'
import { HttpProblem } from '../../http-problem.ts'

export const LATEST = 'latest'

/**
 * The version that an address means: four parts; three parts, which are the version with the fourth part 0 or else the newest of those that
 * differ in the fourth part only (C-16: who knows a dictionary does not know the fourth); or `latest`.
 *
 * @throws HttpProblem VERSION_UNKNOWN
 */
export function findVersion(configuration: Configuration, written: string): ConfigurationVersion {
  const { name, versions } = configuration
  const found = written === LATEST ? versions.at(-1) : byNumber(versions, written)
  if (found !== undefined) return found
  const known = versions.map(({ number }) => versionText(number)).join(', ')
  throw new HttpProblem(
    'VERSION_UNKNOWN',
    known === '' ? `The collection ${name} has no versions.` : `The collection ${name} has the versions ${known}.`,
  )
}

function byNumber(versions: Configuration['versions'], written: string): ConfigurationVersion | undefined {
  const number = parseVersion(written)
  if (number === undefined) return undefined
  const exact = versions.find((each) => each.number.every((part, i) => part === number[i]))
  if (exact !== undefined || written.split('.').length === number.length) return exact
  return versions.findLast((each) => [0, 1, 2].every((i) => each.number[i] === number[i]))
}
