export { DatabaseGate } from './database-gate.ts'
export { isDeep, PATIENCE } from './is-deep.ts'
export { sharedFolder } from './shared-folder.ts'
export { type WireCommand } from './wire-message.ts'
