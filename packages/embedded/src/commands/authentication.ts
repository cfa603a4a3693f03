import { Binary } from 'bson'
import { doc, isBinary, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { Privilege, Resource } from '../auth/privileges.ts'
import { ScramConversation, ScramFailure } from '../auth/scram.ts'
import { ServerError } from '../server-error.ts'
import type { Call, CommandDefinition, Connection } from './call.ts'
import { Fields, toNumber } from './fields.ts'

const MECHANISM = 'SCRAM-SHA-256'
const USER_DATABASE = 'admin'

const failed = (): ServerError => new ServerError(18, 'Authentication failed.')

/** Mechanisms of the user that a hello asks for: `admin.name`. Told for unknown users too, so that nothing is given away. */
export const saslMechanismsOf = ({ server, body }: Call): readonly Value[] | undefined =>
  server.users !== undefined && typeof body.get('saslSupportedMechs') === 'string' ? [MECHANISM] : undefined

/** The first step of the sign-in, taken within hello; undefined where it cannot be taken, and the client starts again. */
export function speculativeSasl(call: Call): Doc | undefined {
  const asked = call.body.get('speculativeAuthenticate')
  if (!isDoc(asked) || asked.get('mechanism') !== MECHANISM || asked.get('db') !== USER_DATABASE) return undefined
  try {
    return start(call, asked)
  } catch (error) {
    if (error instanceof ServerError) return undefined
    throw error
  }
}

function payloadOf(body: Doc): string {
  const payload = body.get('payload')
  if (isBinary(payload)) return Buffer.from(payload.value()).toString('utf8')
  if (typeof payload === 'string') return payload
  throw new ServerError(14, "BSON field 'payload' is the wrong type, expected type 'binData'")
}

const step = (conversationId: number, done: boolean, payload: string): Doc =>
  doc({ conversationId, done, payload: new Binary(Buffer.from(payload, 'utf8')) })

function start({ server, connection }: Call, body: Doc): Doc {
  const { auth } = connection
  auth.conversation = undefined
  const options = body.get('options')
  try {
    const scram = new ScramConversation(payloadOf(body), (user) => server.users?.get(user)?.credentials)
    const skipEmptyExchange = isDoc(options) && options.get('skipEmptyExchange') === true
    auth.conversation = { id: 1, scram, skipEmptyExchange, proved: false }
    return step(1, false, scram.firstReply)
  } catch (error) {
    if (error instanceof ScramFailure) throw failed()
    throw error
  }
}

function saslStart(call: Call): Doc {
  const mechanism = new Fields('saslStart', call.body).requiredString('mechanism')
  if (mechanism !== MECHANISM) {
    throw new ServerError(334, `Received authentication for mechanism ${mechanism} which is not enabled`)
  }
  if (call.database !== USER_DATABASE) throw failed()
  return start(call, call.body)
}

function saslContinue({ server, connection, body }: Call): Doc {
  const { auth } = connection
  const { conversation } = auth
  const id = body.get('conversationId')
  if (conversation === undefined || id === undefined || id === null || toNumber(id) !== conversation.id) {
    throw new ServerError(17, 'No SASL session state found')
  }
  if (conversation.proved) {
    auth.conversation = undefined
    return step(conversation.id, true, '')
  }
  try {
    const proof = conversation.scram.finish(payloadOf(body))
    auth.user = server.users?.get(conversation.scram.user)
    conversation.proved = true
    if (conversation.skipEmptyExchange) auth.conversation = undefined
    return step(conversation.id, conversation.skipEmptyExchange, proof)
  } catch (error) {
    auth.conversation = undefined
    if (error instanceof ScramFailure) throw failed()
    throw error
  }
}

const resourceDoc = (resource: Resource): Doc => doc({ ...resource })
const privilegeDoc = ({ resource, actions }: Privilege): Doc => doc({ resource: resourceDoc(resource), actions })

function authInfo({ auth }: Connection, showPrivileges: boolean): Doc {
  const { user } = auth
  return doc({
    authenticatedUsers: user === undefined ? [] : [{ user: user.name, db: USER_DATABASE }],
    authenticatedUserRoles: user === undefined ? [] : user.roles.map(({ role, db }) => ({ role, db })),
    authenticatedUserPrivileges: showPrivileges ? (user?.privileges ?? []).map(privilegeDoc) : undefined,
  })
}

export const AUTHENTICATION_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['saslStart'],
    summary: 'SCRAM-SHA-256, users in admin',
    fields: ['mechanism', 'payload', 'autoAuthorize', 'options', 'db'],
    access: () => 'public',
    run: saslStart,
  },
  {
    names: ['saslContinue'],
    summary: 'SCRAM-SHA-256',
    fields: ['conversationId', 'payload'],
    access: () => 'public',
    run: saslContinue,
  },
  {
    names: ['logout'],
    summary: 'forgets who signed in',
    fields: [],
    access: () => 'public',
    run: ({ connection }) => {
      connection.auth.user = undefined
      return doc({})
    },
  },
  {
    names: ['connectionStatus'],
    summary: 'who signed in, with showPrivileges what it may do',
    fields: ['showPrivileges'],
    access: () => 'public',
    run: ({ connection, body }) =>
      doc({ authInfo: authInfo(connection, new Fields('connectionStatus', body).flag('showPrivileges')) }),
  },
]
