/**
 * Where the images and the action of Stage0 are published, as owner and repository on the code host. The project says it here and
 * nowhere else. Until it has a place of its own this is a name that nobody can register there (two hyphens in a row), so that a
 * workflow that nobody adapted fails instead of running what a stranger publishes.
 */
export const PROJECT = 'example--owner/stage0'

/** The package of the command. */
export const PACKAGE = '@stage0/cli'

/** The image of the service, whose tags are the versions of the command. */
export const imageOf = (project: string): string => `ghcr.io/${project}`

/** The action for pull requests, of the same version as the command and the images. */
export const actionOf = (project: string, version: string): string => `${project}/action@v${version}`

const SHAPE = /^[a-z0-9]+(?:-{1,2}[a-z0-9]+)*\/[a-z0-9]+(?:[._-][a-z0-9]+)*$/

/** Whether a text is an owner and a repository that an image can be named after: lower case, one slash. */
export const isProject = (text: string): boolean => SHAPE.test(text) && text.length <= 100
