// The last `@` of the word counts, so that a password with an unescaped `@` or `/` goes as a whole.
const CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)[^\s"'`]*@/gi
const SECRET_PARAMETERS =
  /((?:authMechanismProperties|tlsCertificateKeyFilePassword|proxyPassword|password)=)[^&\s"'`]*/gi

/** A text with the credentials of every connection string in it replaced; also for texts of errors. */
export const redactUri = (text: string): string =>
  text.replace(CREDENTIALS, '$1***@').replace(SECRET_PARAMETERS, '$1***')

/** The hosts of a connection string, without ports and brackets. */
export function hostsOf(uri: string): string[] {
  const [address = ''] = uri.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split('?', 1)
  const hosts = address.slice(address.lastIndexOf('@') + 1).split('/', 1)[0] ?? ''
  return hosts
    .split(',')
    .map((host) => /^(?:\[([^\]]*)\]|([^:]*))/.exec(host))
    .map((match) => match?.[1] ?? match?.[2] ?? '')
    .filter((host) => host !== '')
}

/** Whether a host is this machine: a loopback address, or the path of a socket. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|.+\.localhost|127(?:\.[0-9]{1,3}){3}|::1|%2f.+)$/i.test(host)
