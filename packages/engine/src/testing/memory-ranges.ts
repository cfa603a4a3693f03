import { compareValues, compileSchema, hashKey, relaxedJson, type Doc, type Value } from '@stage0/bson-schema'
import type { MigrationCheckpoint } from '@stage0/core'
import { err, ok } from '@stage0/types'
import type { TargetError, TargetPort, TargetResult } from '../ports.ts'
import type { FoundLeftovers, Range, RangePort, Span } from '../range-port.ts'
import type { MemoryDatabase, MemoryRun } from './memory-database.ts'
import type { Calls } from './memory-runs.ts'

const idOf = (one: Doc): Value => one.get('_id') ?? null
const same = (a: Value, b: Value): boolean => hashKey(a) === hashKey(b)

/** The ranges and leftovers of one "process". Development only. */
export function memoryRanges(
  database: MemoryDatabase,
  { act, read }: Calls,
): Pick<TargetPort, 'openRanges' | 'findLeftovers'> {
  const documentsOf = (name: string): Doc[] => database.collections.get(name)?.documents ?? []
  const idsOf = (name: string): Value[] => documentsOf(name).map(idOf).sort(compareValues)

  const rangesOf = (name: string): RangePort => ({
    session: 'session',
    bounds: () => read(() => ({ upTo: idsOf(name).at(-1), total: documentsOf(name).length })),
    next: (after, upTo, limit) =>
      read(() => {
        if (after !== undefined && same(after, upTo)) return undefined
        const behind = idsOf(name).filter((id) => after === undefined || compareValues(id, after) > 0)
        const found = behind.filter((id) => compareValues(id, upTo) < 0).slice(0, limit)
        const ids = found.length < limit ? [...found, upTo] : found
        const last = ids.at(-1)
        return typeof after === 'number' && typeof last === 'number' ? { after, last } : { ids }
      }),
    apply: async (range, onUpdated) => {
      const applying = act('applyRange', () => applyRange(database, name, range))
      onUpdated()
      const applied = await applying
      return applied.ok ? (applied.value === undefined ? err(lost) : ok(applied.value)) : applied
    },
    close: async () => {},
  })

  return {
    openRanges: (name) => read(() => rangesOf(name)),
    findLeftovers: async ({ collection, schema, repeat, limit }): TargetResult<FoundLeftovers> => {
      const compiled = compileSchema(schema)
      if (!compiled.ok) throw new TypeError(compiled.error[0]?.message)
      const failing = (): Value[] =>
        documentsOf(collection)
          .filter((one) => !compiled.value.matches(one))
          .map(idOf)
      const repeated = repeat.length === 0 ? [] : failing()
      const update = () => database.update(collection, (one) => isIn({ ids: repeated }, idOf(one)), repeat)
      const again = repeated.length === 0 ? undefined : await act('repeat', update)
      const isRefused = again?.ok === false && again.error.kind === 'refused'
      if (again?.ok === false && !isRefused) return again
      return read(() => {
        const left = failing().sort(compareValues)
        const samples = left.slice(0, limit).map((id) => ({ id: relaxedJson(id) }))
        if (isRefused) return { count: left.length, repeated: 0, refused: again.error.message, samples }
        return { count: left.length, repeated: repeated.length, samples }
      })
    },
  }
}

const lost: TargetError = { code: 'LOCK_LOST', kind: 'lost-lock', message: 'fenced' }

/** All or nothing, as a transaction does it. */
function applyRange(database: MemoryDatabase, name: string, range: Range): MigrationCheckpoint | undefined {
  const run = database.runs.find(({ header }) => header.runId === range.runId)
  const at = run?.journal.findLastIndex(({ stepId }) => stepId === range.stepId) ?? -1
  const entry = run?.journal[at]
  if (run?.fence !== range.token || entry?.checkpoint === undefined) return undefined
  if (entry.checkpoint.ranges !== range.checkpoint.ranges) return entry.checkpoint
  const { span, pipeline } = range
  const matched = database.update(name, (one) => isIn(span, idOf(one)), pipeline)
  const { ranges, done, modified, ...kept } = entry.checkpoint
  const counts = { ranges: ranges + 1, done: done + matched, modified: modified + matched }
  const checkpoint = { ...kept, ...counts, last: 'ids' in span ? span.ids.at(-1) : span.last }
  put(run, at, checkpoint)
  return checkpoint
}

function put(run: MemoryRun, at: number, checkpoint: MigrationCheckpoint): void {
  const entry = run.journal[at]
  if (entry !== undefined) run.journal[at] = { ...entry, checkpoint }
}

const isIn = (span: Span, id: Value): boolean =>
  'ids' in span
    ? span.ids.some((one) => same(one, id))
    : compareValues(id, span.after) > 0 && compareValues(id, span.last) <= 0
