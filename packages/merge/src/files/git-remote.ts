/** `url = "..."` of a configuration of git: with or without quotes, and without what needs more than that to be read. */
const URL_LINE = /^url\s*=\s*("?)([^"\\\s]+)\1$/i

const HOST = String.raw`(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])`
/** No `@` and no `:`, so that nothing of a name or password that holds a `/` is read as the path. */
const PATH = String.raw`[\p{L}\p{N}_.~/+,%-]+`
const ADDRESS = new RegExp(String.raw`^(https?|ssh)://(?:[^/?#]*@)?(${HOST}(?::\d{1,5})?/${PATH})(?:[?#][^@]*)?$`, 'iu')
const ADDRESS_PARTS = new RegExp(String.raw`^(?:https?|ssh)://(${HOST})(?::\d{1,5})?/(${PATH})$`, 'iu')
/** `git@host:path`. A single letter in front of the colon is a disk, and `//` behind it makes it an address. */
const SHORT = new RegExp(String.raw`^(?:[^@:/?#]+@)?(${HOST}):(?!//)(${PATH})$`, 'iu')

/**
 * Where `origin` is, as it may stand in a file that is committed: host and path. Names, passwords, queries and fragments hold
 * tokens, so they are left out; what cannot be told apart with certainty is not told at all, as are paths of this machine.
 *
 * @param config The text of the configuration file of a repository.
 */
export function remoteOf(config: string): string | undefined {
  let isOrigin = false
  for (const line of config.split('\n')) {
    const text = line.trim()
    if (text.startsWith('[')) isOrigin = /^\[remote "origin"\]$/i.test(text)
    else if (isOrigin && /^url\s*=/i.test(text)) return placeOf(URL_LINE.exec(text)?.[2] ?? '')
  }
  return undefined
}

function placeOf(url: string): string | undefined {
  const [, scheme, place] = ADDRESS.exec(url) ?? []
  if (scheme !== undefined && place !== undefined) return `${scheme.toLowerCase()}://${place}`
  const [, host, path] = SHORT.exec(url) ?? []
  return host === undefined || path === undefined || host.length === 1 ? undefined : `${host}:${path}`
}

/** A remote that a file of somebody tells, without what may be a secret; `undefined` where it is none. */
export const remoteTold = (remote: string | undefined): string | undefined =>
  remote === undefined ? undefined : placeOf(remote)

/** Whether two remotes, as `remoteOf` tells them, are one repository. People fetch it by `ssh`, and machines by `https`. */
export const isSameRemote = (one: string, other: string): boolean => repositoryOf(one) === repositoryOf(other)

/** Host and path: the port is another one for each way of fetching. */
function repositoryOf(remote: string): string {
  const [, host = '', path = ''] = ADDRESS_PARTS.exec(remote) ?? SHORT.exec(remote) ?? []
  const plain = path
    .split('/')
    .filter((name) => name !== '')
    .join('/')
  return `${host.toLowerCase()}/${plain.replace(/\.git$/, '')}`
}
