import { doc, EMPTY_DOC, isArray, isDoc, type Doc, type Plain } from '@stage0/bson-schema'
import { preparePipeline } from '../read/aggregate.ts'
import { findDocuments, namedCollection } from '../read/find.ts'
import type { QueryPlan } from '../read/query-plan.ts'
import { select, collationFor } from '../read/select.ts'
import { withoutTurns } from '../evaluate/turn.ts'
import { ServerError } from '../server-error.ts'
import { MODULE_NAME, VERSION } from '../version.ts'
import type { Call, CommandDefinition } from './call.ts'
import { Fields } from './fields.ts'
import { checkFields } from './generic-fields.ts'

const VERBOSITIES = ['queryPlanner', 'executionStats', 'allPlansExecution']

/** The plan as a tree of stages: exactly what a run does. */
function winningPlan(plan: QueryPlan, filter: Doc): Plain {
  if (plan.kind === 'IDHACK') return { stage: 'IDHACK', filter }
  if (plan.kind === 'COLLSCAN') return { stage: 'COLLSCAN', filter, direction: 'forward' }
  const { spec, multikey } = plan.index
  return {
    stage: 'FETCH',
    filter,
    inputStage: {
      stage: 'IXSCAN',
      keyPattern: spec.key,
      indexName: spec.name,
      isMultiKey: multikey,
      isUnique: spec.unique,
      isSparse: spec.sparse,
      isPartial: spec.partial !== undefined,
      direction: plan.direction === 1 ? 'forward' : 'backward',
    },
  }
}

const sorted = (plan: Plain, sort: Doc | undefined): Plain =>
  sort === undefined ? plan : { stage: 'SORT', sortPattern: sort, inputStage: plan }

function reply(
  call: Call,
  namespace: string,
  filter: Doc,
  plan: QueryPlan,
  executed: (() => number) | undefined,
  sort?: Doc,
): Doc {
  return doc({
    explainVersion: '1',
    queryPlanner: {
      namespace,
      parsedQuery: filter,
      winningPlan: sorted(winningPlan(plan, filter), sort),
      rejectedPlans: [],
    },
    executionStats: executed === undefined ? undefined : { executionSuccess: true, nReturned: executed() },
    command: call.body.get(call.body.keys[0] as string),
    serverInfo: { host: call.server.host, port: call.server.port, version: VERSION, gitVersion: MODULE_NAME },
  })
}

const counted = (items: Iterable<unknown>): number => {
  let count = 0
  for (const _ of items) count++
  return count
}

function explain(call: Call): Doc {
  const fields = new Fields('explain', call.body)
  const command = fields.requiredDoc('explain')
  const verbosity = fields.string('verbosity') ?? 'allPlansExecution'
  if (!VERBOSITIES.includes(verbosity))
    throw new ServerError(2, `Enumeration value '${verbosity}' for field 'explain.verbosity' is not a valid value.`)
  const isRun = verbosity !== 'queryPlanner'
  const inner: Call = { ...call, body: command }
  const name = command.keys[0]
  const definition = call.server.commands.get(name ?? '')
  if (definition !== undefined) checkFields(definition, name ?? '', command)
  const { collection, name: target } =
    name === 'aggregate' && typeof command.values[0] !== 'string'
      ? { name: '$cmd.aggregate', collection: undefined }
      : namedCollection(inner)
  const namespace = `${call.database}.${target}`
  switch (name) {
    case 'find': {
      const { selection, documents, sortedBy } = findDocuments(inner, collection, command)
      const filter = new Fields('find', command).doc('filter') ?? EMPTY_DOC
      return reply(
        call,
        namespace,
        filter,
        selection.plan,
        isRun ? () => counted(withoutTurns(documents)) : undefined,
        sortedBy,
      )
    }
    case 'aggregate': {
      const { pipeline, selection, input } = preparePipeline(inner, command)
      const filter = pipeline.leadingMatch ?? EMPTY_DOC
      const run = isRun && pipeline.end.kind === 'cursor' ? () => counted(pipeline.run(input)) : undefined
      return reply(
        call,
        namespace,
        filter,
        selection?.plan ?? { kind: 'COLLSCAN', isSorted: true, isExact: false },
        run,
      )
    }
    case 'count':
    case 'distinct':
    case 'findAndModify':
      return explainFilter(call, inner, namespace, new Fields(name, command).doc('query') ?? EMPTY_DOC, isRun)
    case 'update':
    case 'delete': {
      const list = command.get(name === 'update' ? 'updates' : 'deletes')
      const first = isArray(list) ? list[0] : undefined
      const filter = isDoc(first) ? first.get('q') : undefined
      return explainFilter(call, inner, namespace, isDoc(filter) ? filter : EMPTY_DOC, isRun)
    }
    default:
      throw new ServerError(59, `Explain failed due to unknown command: ${name ?? ''}`)
  }
}

function explainFilter(call: Call, inner: Call, namespace: string, filter: Doc, isRun: boolean): Doc {
  const { collection } = namedCollection(inner)
  const selection = select(
    inner,
    collection,
    filter,
    collationFor(collection, new Fields('explain', inner.body).doc('collation')),
  )
  return reply(
    call,
    namespace,
    filter,
    selection.plan,
    isRun ? () => counted(withoutTurns(selection.recordsInTurns(call.isTurnOver))) : undefined,
  )
}

export const EXPLAIN_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['explain'],
    summary:
      'find, aggregate, count, distinct, update, delete, findAndModify: IDHACK, IXSCAN or COLLSCAN; nothing is written',
    fields: ['verbosity'],
    // Whoever may run the command may have it explained.
    access: (call) => {
      const command = call.body.values[0]
      if (!isDoc(command)) return 'login'
      return call.server.commands.get(command.keys[0] ?? '')?.access({ ...call, body: command }) ?? 'login'
    },
    run: explain,
  },
]
