export { buildApp } from './app.ts'
export type { AppDeps, SnapshotSource, StartUp, TargetSource } from './deps.ts'
export { HttpProblem } from './http-problem.ts'
export { startService, type Service, type ServiceOptions, type ServiceRefusal } from './serve.ts'
