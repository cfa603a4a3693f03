export { Problem, Severity } from './problem.ts'
export { Leftovers, RunError, RunEvent, RunStatus, StepKind, StepStatus } from './run-event.ts'
export { EXIT, type ExitCode } from './exit-code.ts'
export { err, ok, type Result } from './result.ts'
export { ERROR_AREAS, ERRORS, errorEntry, type ErrorCode } from './errors/catalogue.ts'
export type { ErrorEntry } from './errors/entry.ts'
export { ProblemDetails } from './http/problem-details.ts'
export {
  Allowed,
  Capabilities,
  ConfigItem,
  ErrorDescription,
  Liveness,
  Readiness,
  ServiceConfig,
} from './http/service.ts'
export {
  FileInfo,
  FileKind,
  FileList,
  Graph,
  GraphEdge,
  GraphNode,
  Place,
  ProblemCounts,
  ProblemReport,
  Usage,
  UsageKind,
  UsageList,
} from './http/files.ts'
export { Enumeration, EnumerationList, EnumValue, PropertyKind, SchemaNode, SchemaView } from './http/schema-nodes.ts'
export {
  CollectionDetail,
  CollectionList,
  CollectionRow,
  CollectionState,
  DataView,
  IndexView,
  VersionDetail,
  VersionStep,
  VersionSummary,
} from './http/collections.ts'
export {
  EvidencePending,
  PlanEvidence,
  type CollectionEvidence,
  type CollectionSize,
  type DuplicateSample,
  type EvidenceRule,
  type EvidenceSample,
  type EvidenceScan,
  type EvidenceViolation,
  type ExpiryEvidence,
  type UniqueEvidence,
  type ValidatorEvidence,
} from './http/evidence.ts'
export { PlanCheck, PlanRequest, PlanStepView, PlanView, RiskView, Scope } from './http/plans.ts'
export {
  DropRequest,
  DropResult,
  LegacyEvent,
  LockView,
  RunEventPage,
  RunList,
  RunMessage,
  RunPause,
  RunRequest,
  RunSnapshot,
  RunStarted,
  RunState,
  RunStepStatus,
  RunStepView,
  RunSummary,
  type LegacyEventTree,
} from './http/runs.ts'
