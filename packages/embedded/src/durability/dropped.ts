import { logName, snapshotName } from './manifest.ts'
import type { Recovered } from './recovery.ts'

/** What was left out of the data because it could not be read, and what was read although its log is damaged. */
export interface Dropped {
  /** Name of the file in the folder. */
  readonly file: string
  /** The first byte that was left out. */
  readonly offset: number
  /** 0 where nothing was left out: only heads are damaged. */
  readonly bytes: number
  /** Whole records among them. */
  readonly records: number
  /** The number of the record that they are, where they are as long as it says. */
  readonly record: number | undefined
  /** They are a whole log, of which nobody can say that it is the one that follows. */
  readonly isUnknownLog: boolean
  /** When the last record before them was written: what came later is gone. Undefined where no log has one. */
  readonly since: Date | undefined
  /** Name of the snapshot that the logs follow; undefined where they begin with nothing. */
  readonly snapshot: string | undefined
  /** Names of the logs that were read although their heads are damaged. */
  readonly heads: readonly string[]
  /** Names of the files with what was left out; none where it was the beginning of a record only. */
  readonly keptAs: readonly string[]
}

/** What is left out of the data, before anything of it is kept in a file. */
export function droppedOf({ generation, first, heads, logs, end }: Recovered): Dropped {
  const isLastRecord = end?.isWholeInLength === true && end.recordsAfter === 0 && logs.at(-1) === generation
  return {
    file: logName(generation),
    offset: end?.offset ?? 0,
    bytes: end?.rest ?? 0,
    records: end?.recordsAfter ?? 0,
    record: isLastRecord ? end.nextSequence : undefined,
    isUnknownLog: end?.head === 'unknown',
    since: end?.lastTime,
    snapshot: first > 0 ? snapshotName(first) : undefined,
    heads: heads.map(logName),
    keptAs: [],
  }
}

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

/** What was left out, in a few sentences for people. */
export function describeDropped(dropped: Dropped): string {
  const { bytes, heads, keptAs } = dropped
  const sentences = heads.length === 0 ? [] : [describeHeads(heads)]
  if (bytes > 0) sentences.push(describeRest(dropped))
  if (keptAs.length > 0) {
    const is = dropped.record === undefined ? 'They are' : `Its ${count(bytes, 'byte is', 'bytes are')}`
    sentences.push(`${bytes === 0 && keptAs.length === 1 ? 'It is' : is} kept in ${keptAs.join(', ')}.`)
  }
  return sentences.join(' ')
}

const describeHeads = (names: readonly string[]): string =>
  names.length === 1
    ? `The head of ${names[0]} is damaged; the whole records after it were read.`
    : `The heads of ${names.join(', ')} are damaged; the whole records after them were read.`

function describeRest({ file, offset, bytes, records, record, isUnknownLog, since, snapshot }: Dropped): string {
  const begin =
    snapshot === undefined ? 'nothing was written before it' : `what was written before it is in ${snapshot}`
  const before = since === undefined ? begin : `the last record before it is of ${since.toISOString()}`
  const all = count(bytes, 'byte', 'bytes')
  const held = records === 0 ? all : `${all} with ${count(records, 'whole record', 'whole records')}`
  if (isUnknownLog) {
    return `${file} does not begin as the log that follows does: it was left out, ${held}; ${before}.`
  }
  if (record !== undefined) {
    return `Record ${record} at byte ${offset} of ${file}, the last one, is whole in length but its checksum is wrong: either its write was cut off, or the file was damaged. What it held is not in the data; ${before}.`
  }
  return records === 0
    ? `The last write was not finished: ${all} at byte ${offset} of ${file} were dropped; ${before}.`
    : `${held} from byte ${offset} of ${file} on were left out; ${before}.`
}
