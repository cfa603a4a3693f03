export { openTarget, type TargetOptions } from './target.ts'
export { redactFor } from './connection/redact.ts'
export type { ConnectOptions, SentCommand } from './connection/connect.ts'
export type { Database, DocumentLike } from './library/database.ts'
export {
  addSchema,
  connect,
  createIndexes,
  dropIndex,
  dropSchema,
  listIndexes,
  readSchema,
  runPipeline,
  upsert,
  type IndexDefinition,
  type SchemaOptions,
} from './library/functions.ts'
export { migrate, type MigrateOptions } from './library/migrate.ts'
