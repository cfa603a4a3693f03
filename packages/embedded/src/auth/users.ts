import type { Privilege } from './privileges.ts'
import { privilegesOfRole } from './roles.ts'
import { newCredentials, type Credentials } from './scram.ts'

export interface RoleOption {
  readonly role: string
  readonly db: string
}

/** A user of the server: with built-in roles, with privileges, or with both. Users live in the database `admin`. */
export interface UserOption {
  readonly user: string
  readonly password: string
  /** A role without a database is one of `admin`, for example `root`. */
  readonly roles?: readonly (string | RoleOption)[]
  readonly privileges?: readonly Privilege[]
}

export interface User {
  readonly name: string
  readonly credentials: Credentials
  readonly roles: readonly RoleOption[]
  readonly privileges: readonly Privilege[]
}

/** The users by name. Throws `TypeError` for a role that does not exist and for a name that comes twice. */
export function readUsers(options: readonly UserOption[]): ReadonlyMap<string, User> {
  const users = new Map<string, User>()
  for (const option of options) {
    if (users.has(option.user)) throw new TypeError(`user ${option.user} is given twice`)
    const roles = (option.roles ?? []).map((role) => (typeof role === 'string' ? { role, db: 'admin' } : role))
    const privileges = roles.flatMap(({ role, db }) => {
      const granted = privilegesOfRole(role, db)
      if (granted === undefined) throw new TypeError(`there is no role ${role} on database ${db}`)
      return granted
    })
    users.set(option.user, {
      name: option.user,
      credentials: newCredentials(option.password),
      roles,
      privileges: [...privileges, ...(option.privileges ?? [])],
    })
  }
  return users
}
