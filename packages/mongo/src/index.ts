export { openTarget, type TargetOptions } from './target.ts'
export type { SentCommand } from './connection/connect.ts'
