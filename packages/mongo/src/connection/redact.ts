/** Removes what must not be shown from a text. */
export type Redact = (text: string) => string

const HIDDEN = '***'
const URI = /mongodb(\+srv)?:\/\/[^\s"'<>]*/gi
/** Shorter passwords would blank out ordinary letters everywhere; they are hidden where they stand in a connection string. */
const MIN_SECRET = 4

/**
 * Hides connection strings, and the password of this one in its encoded and its plain form.
 * Nothing that Stage0 shows, stores or streams passes without it.
 */
export function redactFor(uri: string): Redact {
  const secrets = secretsOf(uri)
  return (text) => {
    let shown = text.replaceAll(uri, HIDDEN).replace(URI, HIDDEN)
    for (const secret of secrets) shown = shown.replaceAll(secret, HIDDEN)
    return shown
  }
}

function secretsOf(uri: string): readonly string[] {
  const credentials = /^[^:]+:\/\/[^:@/]*:(.*)@/s.exec(uri)?.[1]
  if (credentials === undefined) return []
  return [credentials, decoded(credentials)].filter((secret) => secret.length >= MIN_SECRET)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray percent sign: there is no other form of it to hide.
    return text
  }
}
