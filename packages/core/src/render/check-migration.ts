import { isArray, isDoc, typeName, type Doc, type Value } from '@stage0/bson-schema'
import type { ConfigurationVersion, DataFile, Repository } from '../model/model.ts'
import { pipelineFacts } from '../plan/pipeline.ts'
import { didYouMean } from '../model/did-you-mean.ts'
import { STAGES, UPDATE_STAGES } from '../plan/pipeline-stages.ts'
import type { ProblemList } from './problem-list.ts'
import { quoted } from './quoted.ts'

type Path = readonly (string | number)[]

/**
 * Checks the stages of a migration and where it writes to.
 *
 * @returns the stages, or `undefined` where they are no pipeline.
 */
export function checkMigration(
  file: DataFile,
  mode: ConfigurationVersion['migrationMode'],
  collection: string,
  repository: Repository,
  problems: ProblemList,
): readonly Doc[] | undefined {
  const stages = file.items.filter(isDoc)
  const isPipeline = checkStages(file, file.items, [], mode, problems)
  if (!isPipeline || stages.length !== file.items.length) return undefined
  const { target, writesBy } = pipelineFacts(stages)
  const path = file.at.file.path
  if (mode === 'update') {
    if (stages.length > 0) return stages
    const text = `${path} has no stages, so there is nothing to update`
    problems.add(file.at, { code: 'MIGRATION_STAGE_INVALID', severity: 'error', text })
  } else if (writesBy === undefined) {
    problems.add(file.at, {
      code: 'MIGRATION_HAS_NO_TARGET',
      severity: 'error',
      text: `${path} ends in neither $out nor $merge, so it changes nothing`,
      hint: `Append {"$out": "${collection}"} to it, or set \`migration: {mode: update}\` in the version.`,
    })
  } else if (target === undefined) {
    const text = `${path}: the target of ${writesBy} must be the name of a collection, or {db, coll}`
    problems.add(file.locate([stages.length - 1, writesBy]), {
      code: 'MIGRATION_STAGE_INVALID',
      severity: 'error',
      text,
    })
  } else if (target.database !== undefined || !repository.configurations.has(target.collection)) {
    const where = target.database === undefined ? '' : ` of database "${target.database}"`
    problems.add(file.locate([stages.length - 1, writesBy]), {
      code: 'MIGRATION_TARGET_UNKNOWN',
      severity: 'warning',
      text: `${path} writes to collection "${target.collection}"${where}, which has no configuration here`,
      hint: didYouMean(target.collection, repository.configurations.keys()),
    })
  }
  return stages
}

/** Whether all of it is a pipeline; what is not is reported. */
function checkStages(
  file: DataFile,
  items: readonly Value[],
  base: Path,
  mode: ConfigurationVersion['migrationMode'],
  problems: ProblemList,
): boolean {
  let isPipeline = true
  const refuse = (path: Path, text: string, hint?: string): void => {
    isPipeline = false
    problems.add(file.locate(path), {
      code: 'MIGRATION_STAGE_INVALID',
      severity: 'error',
      text: `${file.at.file.path}: ${text}`,
      hint,
    })
  }
  items.forEach((stage, i) => {
    const path = [...base, i]
    const name = isDoc(stage) ? stage.keys[0] : undefined
    if (!isDoc(stage) || stage.size !== 1 || name === undefined || !name.startsWith('$')) {
      refuse(
        path,
        `stage ${i + 1} must be an object with exactly one key that begins with $, not ${quoted(stage)} (${typeName(stage)})`,
      )
      return
    }
    if (!STAGES.has(name)) refuse([...path, name], `"${name}" is no pipeline stage`, didYouMean(name, STAGES))
    else if (mode === 'update' && !UPDATE_STAGES.has(name)) {
      refuse(
        [...path, name],
        `"${name}" cannot be used with \`migration: {mode: update}\``,
        `An update takes ${[...UPDATE_STAGES].join(', ')}.`,
      )
    } else if ((name === '$out' || name === '$merge') && (base.length > 0 || i !== items.length - 1)) {
      refuse([...path, name], `"${name}" must be the last stage of the migration`)
    }
    for (const [nested, at] of nestedPipelines(name, stage.values[0] as Value, path)) {
      if (!checkStages(file, nested, at, 'as-written', problems)) isPipeline = false
    }
  })
  return isPipeline
}

function nestedPipelines(stage: string, argument: Value, path: Path): readonly (readonly [readonly Value[], Path])[] {
  if (!isDoc(argument)) return []
  if (stage === '$facet') {
    return [...argument.entries()].flatMap(([facet, value]) =>
      isArray(value) ? [[value, [...path, stage, facet]] as const] : [],
    )
  }
  const pipeline = stage === '$lookup' || stage === '$unionWith' ? argument.get('pipeline') : undefined
  return isArray(pipeline) ? [[pipeline, [...path, stage, 'pipeline']]] : []
}
