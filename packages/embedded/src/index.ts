export { startEmbedded, type EmbeddedOptions, type EmbeddedServer } from './server.ts'
export type { LogLine } from './server-state.ts'
export type { Privilege, Resource } from './auth/privileges.ts'
export type { RoleOption, UserOption } from './auth/users.ts'
