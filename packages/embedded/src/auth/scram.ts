import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'

/** MongoDB's default for SCRAM-SHA-256. */
const ITERATIONS = 15_000
const SALT_BYTES = 28
const NONCE_BYTES = 24
const KEY_BYTES = 32

/** What the server keeps of a password (RFC 5802): enough to check it, not enough to know it. */
export interface Credentials {
  readonly salt: Buffer
  readonly storedKey: Buffer
  readonly serverKey: Buffer
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()

export function newCredentials(password: string): Credentials {
  const salt = randomBytes(SALT_BYTES)
  // SASLprep folds compatibility characters; NFKC is its part that matters for texts without control characters.
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, KEY_BYTES, 'sha256')
  return { salt, storedKey: sha256(hmac(salted, 'Client Key')), serverKey: hmac(salted, 'Server Key') }
}

/** The client's message is no SCRAM message, or its proof is wrong. */
export class ScramFailure extends Error {}

const attributes = (message: string): ReadonlyMap<string, string> =>
  new Map(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]))

/** One SCRAM-SHA-256 conversation, server side. An unknown user goes through the same steps and fails at the proof. */
export class ScramConversation {
  readonly user: string
  readonly firstReply: string
  readonly #credentials: Credentials | undefined
  readonly #nonce: string
  readonly #clientFirstBare: string

  constructor(clientFirst: string, credentialsOf: (user: string) => Credentials | undefined) {
    const bare = /^[ny],[^,]*,(n=.*)$/s.exec(clientFirst)?.[1]
    const fields = attributes(bare ?? '')
    const name = fields.get('n')
    const clientNonce = fields.get('r')
    if (bare === undefined || name === undefined || clientNonce === undefined || clientNonce === '') {
      throw new ScramFailure('not a first SCRAM message')
    }
    this.user = name.replaceAll('=2C', ',').replaceAll('=3D', '=')
    this.#credentials = credentialsOf(this.user)
    this.#clientFirstBare = bare
    this.#nonce = clientNonce + randomBytes(NONCE_BYTES).toString('base64')
    const salt = this.#credentials?.salt ?? randomBytes(SALT_BYTES)
    this.firstReply = `r=${this.#nonce},s=${salt.toString('base64')},i=${ITERATIONS}`
  }

  /** The server's proof for the client's one. Throws `ScramFailure`. */
  finish(clientFinal: string): string {
    const fields = attributes(clientFinal)
    const proof = Buffer.from(fields.get('p') ?? '', 'base64')
    if (fields.get('r') !== this.#nonce || proof.length !== KEY_BYTES || this.#credentials === undefined) {
      throw new ScramFailure('the proof does not fit')
    }
    const withoutProof = clientFinal.slice(0, clientFinal.lastIndexOf(',p='))
    const message = `${this.#clientFirstBare},${this.firstReply},${withoutProof}`
    const signature = hmac(this.#credentials.storedKey, message)
    const clientKey = Buffer.from(proof.map((byte, i) => byte ^ (signature[i] as number)))
    if (!timingSafeEqual(sha256(clientKey), this.#credentials.storedKey))
      throw new ScramFailure('the proof does not fit')
    return `v=${hmac(this.#credentials.serverKey, message).toString('base64')}`
  }
}
