import { BASIC_STAGES, compileDocuments, compileSample } from './basic.ts'
import { compileBucket, compileBucketAuto } from './bucket.ts'
import { compileDensify } from './densify.ts'
import { compileFacet } from './facet.ts'
import { compileFill } from './fill.ts'
import { compileGraphLookup } from './graph-lookup.ts'
import { compileGroup, compileSortByCount } from './group.ts'
import { compileLookup, compileUnionWith } from './join.ts'
import { readMerge, readOut } from './output.ts'
import { compileRedact } from './redact.ts'
import { whole, type CompileStage, type CompileWholeStage } from './types.ts'
import { compileUnwind } from './unwind.ts'
import { compileWindowFields } from './window.ts'

/** Stages that let nobody have a turn while they read their input. */
const WHOLE: Readonly<Record<string, CompileWholeStage>> = {
  $bucketAuto: compileBucketAuto,
  $densify: compileDensify,
  $documents: compileDocuments,
  $fill: compileFill,
  $graphLookup: compileGraphLookup,
  $sample: compileSample,
  $setWindowFields: compileWindowFields,
}

/** Their names. */
export const WHOLE_STAGES: readonly string[] = Object.keys(WHOLE).filter((name) => name !== '$documents')

/** Stages that transform documents. */
export const STAGES: ReadonlyMap<string, CompileStage> = new Map([
  ...Object.entries({
    ...BASIC_STAGES,
    $bucket: compileBucket,
    $facet: compileFacet,
    $group: compileGroup,
    $lookup: compileLookup,
    $redact: compileRedact,
    $sortByCount: compileSortByCount,
    $unionWith: compileUnionWith,
    $unwind: compileUnwind,
  }),
  ...Object.entries(WHOLE).map(([name, compile]) => [name, whole(compile)] as const),
])

/** Stages that end a pipeline by writing; the server carries them out. */
export const OUTPUT_STAGES = new Map([
  ['$out', readOut],
  ['$merge', readMerge],
] as const)

/** Stages of a real server that this one refuses, with the code of the refusal. Those about the server itself are the command's affair. */
export const REFUSED_STAGES: ReadonlyMap<string, number> = new Map([
  ['$changeStream', 40573],
  ['$changeStreamSplitLargeEvent', 40324],
  ['$collStats', 40324],
  ['$currentOp', 40324],
  ['$geoNear', 40324],
  ['$indexStats', 40324],
  ['$listLocalSessions', 40324],
  ['$listSessions', 40324],
  ['$planCacheStats', 40324],
  ['$search', 40324],
  ['$searchMeta', 40324],
  ['$vectorSearch', 40324],
])
