export type * from './model/files.ts'
export type * from './model/model.ts'
export type * from './plan/wanted.ts'
export type * from './plan/observed.ts'
export type * from './plan/plan.ts'
export { problemAt, problemIn, sortProblems, wholeFile, type Finding } from './model/locate.ts'
export { linePlace, sourcePlace, type SourcePlace } from './model/source-place.ts'
export { diffSchemas, type SchemaChange } from './diff/schema-diff.ts'
export { canonicalJson, sha256Hex } from './plan/canonical.ts'
export { describePlan, type PlanDescription } from './plan/describe-plan.ts'
export { DEFAULT_RECORDS, LOCAL_ENVIRONMENT, ownerOf, type PlanOptions } from './plan/options.ts'
export { carriedJournal, isRefused, planChanges, planStates } from './plan/plan-changes.ts'
export { openRisks } from './plan/open-risks.ts'
export { RISK_CAUSES, RISK_CODES, type RiskCauseEntry, type RiskCodeEntry } from './plan/risk-catalogue.ts'
export { changeInWords, type IndexChange } from './plan/index-form-in-place.ts'
export { pipelineFacts } from './plan/pipeline.ts'
export { differenceText, planDifference, type PlanDifference } from './plan/plan-difference.ts'
export { indexDifference, indexForm } from './plan/index-form.ts'
export { isRestOf } from './plan/plan-rest.ts'
export { planToJson, readPlanHash } from './plan/plan-json.ts'
export { readPlan, savedPlan, type SavedPlan } from './plan/saved-plan.ts'
export { rolesFor, ROLE_NAMES, stepsOfEveryWay, type Role, type RoleName, type RolePrivilege } from './plan/roles.ts'
export { documentCounts, renderPlanText, type DocumentCounts } from './plan/render-plan.ts'
export { collectionOf } from './model/configuration.ts'
export { isPlainFileName, withoutExtension } from './model/names.ts'
export { readRepository } from './model/repository.ts'
export {
  compareVersions,
  parseStoredVersion,
  parseVersion,
  versionText,
  type VersionNumber,
} from './model/version-number.ts'
export { checkRepository, type CheckOptions, type CheckResult } from './render/check-repository.ts'
export type { SchemaFormat } from './render/render-property.ts'
export { renderAll, renderSchema, renderType, type RenderedSchema } from './render/render-schema.ts'
export { leftCount } from './run/left-count.ts'
export { reduceRun, snapshotOf, type PlannedStep } from './run/reduce-run.ts'
export { limitWanted } from './plan/limit-wanted.ts'
export { renderProblemsReview } from './present/problems-review.ts'
export { renderReview, type ReviewOptions } from './present/review.ts'
export { toSarif } from './present/to-sarif.ts'
export { isLookedAt } from './plan/target-checks.ts'
export { readYaml } from './text/read-yaml.ts'
export { yamlValue } from './text/yaml-value.ts'
export { enumerations } from './inspect/enumerations.ts'
export { buildGraph } from './inspect/graph.ts'
export { inspectFile, type InspectFileOptions } from './inspect/inspect-file.ts'
export {
  inspectVersion,
  type InspectOptions,
  type InspectVersionOptions,
  type VersionInspection,
} from './inspect/inspect-version.ts'
export { countUsages, usagesOf, type UsedKind } from './inspect/usages.ts'
export {
  evidenceQuestions,
  type EvidenceQuestion,
  type ExpiryQuestion,
  type UniqueQuestion,
  type ValidatorQuestion,
} from './evidence/questions.ts'
export { stillToMigrate, type ResumedMigration } from './evidence/foresee.ts'
export { duplicateStages, keyValue, readIndexKeys, type IndexKeys } from './evidence/index-key-paths.ts'
export { renderEvidenceText } from './evidence/render-evidence.ts'
export { rulesOf, type SchemaRule } from './evidence/rules.ts'
export { counted, cut, grouped, shortJson } from './evidence/short-text.ts'
export { FailureTally } from './evidence/tally.ts'
export {
  APPLY_LOOK_MS,
  duplicatesText,
  expiryRiskText,
  expiryText,
  failingText,
  riskText,
  uniqueRiskText,
} from './evidence/words.ts'
export { workText } from './evidence/work.ts'
export {
  editorSettings,
  FILE_SCHEMAS,
  schemaFiles,
  STRUCTURAL_CODES,
  type FileSchema,
} from './file-schemas/file-schemas.ts'
export type { Json, JsonSchema } from './file-schemas/json-schema.ts'
