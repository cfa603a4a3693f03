export type * from './ports.ts'
export type * from './range-port.ts'
export type { ApplyInput, MigrationPace } from './apply/apply-input.ts'
export { applyPlan } from './apply/apply-plan.ts'
export { pauseRun, type Asked } from './ask-run.ts'
export { awaitRunEnd, cancelRun } from './cancel-run.ts'
export { dropDatabase, type Dropped, type DropInput } from './drop-database.ts'
export type * from './evidence/evidence-port.ts'
export type { EvidenceInput, EvidenceLimits, LookedAt } from './evidence/evidence-input.ts'
export { gatherEvidence } from './evidence/gather-evidence.ts'
export { followRun, type FollowOptions } from './follow-run.ts'
export { observeAndPlan, type Planned, type PlanInput } from './observe-and-plan.ts'
export type { IndexLook } from './preflight-indexes.ts'
export { preflightTestData, type PreflightInput } from './preflight.ts'
export {
  listRuns,
  readRun,
  readRunAtWork,
  readRunSnapshot,
  type ListedRuns,
  type RunListQuery,
  type RunSource,
} from './read-runs.ts'
export {
  readStatus,
  type CollectionStanding,
  type CollectionStatus,
  type StatusInput,
  type TargetStatus,
} from './status.ts'
export { examineLock, unlock, type ExamineInput, type LockVerdict, type UnlockInput } from './unlock.ts'
