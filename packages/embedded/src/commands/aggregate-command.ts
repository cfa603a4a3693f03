import { isArray, isDoc, type Value } from '@stage0/bson-schema'
import { on, onServer, type Privilege } from '../auth/privileges.ts'
import { aggregate } from '../read/aggregate.ts'
import type { Access, Call, CommandDefinition } from './call.ts'
import { isSet } from './fields.ts'

interface Target {
  readonly db: string
  readonly collection: string
}

/** The collection that `$out` or `$merge` names. */
function targetOf(operand: Value | undefined, database: string): Target | undefined {
  if (typeof operand === 'string') return { db: database, collection: operand }
  if (!isDoc(operand)) return undefined
  if (operand.has('into')) return targetOf(operand.get('into'), database)
  const db = operand.get('db')
  const coll = operand.get('coll')
  return typeof coll === 'string' ? { db: typeof db === 'string' ? db : database, collection: coll } : undefined
}

/** Privileges for the collections that a pipeline reads beside its own, and for the one that it writes. */
function stageNeeds(stages: readonly Value[], database: string, bypass: boolean): readonly Privilege[] {
  return stages.filter(isDoc).flatMap((stage) => {
    const operand = stage.values[0]
    const name = stage.keys[0]
    if (name === '$currentOp') return [onServer('inprog')]
    if (name === '$out' || name === '$merge') {
      const target = targetOf(operand, database)
      const actions = name === '$out' ? ['insert', 'remove'] : ['insert', 'update']
      return target === undefined
        ? []
        : [on(target.db, target.collection, ...actions, ...(bypass ? ['bypassDocumentValidation'] : []))]
    }
    if (name === '$facet' && isDoc(operand)) {
      return operand.values
        .filter((value) => isArray(value))
        .flatMap((inner) => stageNeeds(inner as readonly Value[], database, bypass))
    }
    if (name === '$unionWith' && typeof operand === 'string') return [on(database, operand, 'find')]
    if (!isDoc(operand)) return []
    const other = operand.get(name === '$unionWith' ? 'coll' : 'from')
    const inner = operand.get('pipeline')
    return [
      ...(typeof other === 'string' ? [on(database, other, 'find')] : []),
      ...(isArray(inner) ? stageNeeds(inner, database, bypass) : []),
    ]
  })
}

const STATISTICS: Readonly<Record<string, string>> = { $collStats: 'collStats', $indexStats: 'indexStats' }

function access({ database, body }: Call): Access {
  const name = body.values[0]
  const pipeline = body.get('pipeline')
  const bypass = isSet(body.get('bypassDocumentValidation'))
  const first: Value | undefined = isArray(pipeline) ? pipeline[0] : undefined
  // Statistics are no reading of documents. Source: manual, $collStats and $indexStats.
  const action = (isDoc(first) && STATISTICS[first.keys[0] ?? '']) || 'find'
  return [
    ...(typeof name === 'string' ? [on(database, name, action)] : []),
    ...(isArray(pipeline) ? stageNeeds(pipeline, database, bypass) : []),
  ]
}

export const AGGREGATE_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['aggregate'],
    summary: 'pipelines with $out and $merge; collation, hint, let, bypassDocumentValidation',
    fields: ['pipeline', 'cursor', 'allowDiskUse', 'bypassDocumentValidation', 'collation', 'hint', 'let'],
    refused: ['explain', 'exchange', 'fromMongos', 'needsMerge'],
    access,
    run: aggregate,
  },
]
