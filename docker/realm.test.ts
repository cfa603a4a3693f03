import { describe, expect, it } from 'vitest'
import { textOf, yamlOf } from './testing/project-files.ts'

interface Client {
  readonly clientId: string
  readonly publicClient: boolean
  readonly standardFlowEnabled: boolean
  readonly implicitFlowEnabled: boolean
  readonly directAccessGrantsEnabled: boolean
  readonly redirectUris: readonly string[]
  readonly webOrigins: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
}
interface Role {
  readonly name: string
  readonly composites?: { readonly realm: readonly string[] }
}
interface Realm {
  readonly realm: string
  readonly enabled: boolean
  readonly roles: { readonly realm: readonly Role[] }
  readonly clients: readonly Client[]
  readonly users: readonly {
    readonly username: string
    readonly email: string
    readonly realmRoles: readonly string[]
    readonly credentials: readonly { readonly type: string; readonly value: string }[]
  }[]
}

const text = textOf('docker/keycloak/stage0-realm.json')
const { realm, enabled, roles, clients, users } = JSON.parse(text) as Realm
/** Each role with what it includes. */
const ROLES = { viewer: [], editor: ['viewer'], operator: ['editor'], admin: ['operator'] } as const
const PORTS = ['8081', '8082']

describe('the realm to sign in with', () => {
  it('is imported by the profile auth, where Keycloak looks for it', () => {
    const { services } = yamlOf(textOf('docker/compose.yaml')) as {
      readonly services: Readonly<Record<string, { readonly volumes: readonly string[]; readonly command: unknown }>>
    }
    expect(services['keycloak']?.volumes).toEqual(['./keycloak:/opt/keycloak/data/import:ro'])
    expect(services['keycloak']?.command).toContain('--import-realm')
    expect([realm, enabled]).toEqual(['stage0', true])
  })

  it('has the four roles, each with what it includes', () => {
    const found = roles.realm.map(({ name, composites }) => [name, composites?.realm ?? []])
    expect(Object.fromEntries(found)).toEqual(ROLES)
  })

  it('has one person for each role, who is invented', () => {
    expect(users.map(({ realmRoles }) => realmRoles)).toEqual(Object.keys(ROLES).map((role) => [role]))
    for (const { username, email, credentials } of users) {
      expect(email).toBe(`${username}@example.com`)
      // A password that nobody could take for one.
      expect(credentials.map(({ value }) => value)).toEqual([username])
    }
  })

  it('holds no secret: its clients have none', () => {
    expect(clients.map(({ clientId }) => clientId)).toEqual(['stage0', 'stage0-scripts'])
    for (const client of clients) {
      expect(client.publicClient, client.clientId).toBe(true)
      expect(client.implicitFlowEnabled || client.directAccessGrantsEnabled, client.clientId).toBe(false)
    }
    expect(text).not.toMatch(/"secret"|privateKey|certificate|-----BEGIN|mongodb(\+srv)?:/i)
  })

  it('sends the code back to the service or the console on this machine only, and asks for PKCE', () => {
    const [service, scripts] = clients
    expect(service?.attributes['pkce.code.challenge.method']).toBe('S256')
    expect(service?.redirectUris.length).toBeGreaterThan(0)
    for (const uri of service?.redirectUris ?? []) {
      const { protocol, hostname, port, pathname } = new URL(uri)
      expect([protocol, pathname]).toEqual(['http:', '/api/auth/callback'])
      expect(['localhost', '127.0.0.1']).toContain(hostname)
      expect(PORTS).toContain(port)
    }
    // Browsers ask the service, never Keycloak by script.
    expect(service?.webOrigins).toEqual([])
    expect([scripts?.standardFlowEnabled, scripts?.redirectUris]).toEqual([false, []])
  })
})
