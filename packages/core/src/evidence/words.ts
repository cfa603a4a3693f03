import type { EvidenceScan } from '@stage0/types'
import { counted, grouped } from './short-text.ts'

/** What is said of the result of a scan. */
export interface ScanResult {
  readonly scan: EvidenceScan
  /** Longest time of the whole evidence, in milliseconds. */
  readonly limitMs: number
}

/** "3 of 100 documents would fail, as stored now". */
export function failingText({ scan, limitMs }: ScanResult, failing: number): string {
  return `${failingPart(scan, failing, limitMs)}, ${scan.basis}`
}

function failingPart(scan: EvidenceScan, failing: number, limitMs: number): string {
  const checked = scan.checked ?? 0
  if (scan.ended === 'time') {
    const found =
      failing === 0
        ? 'no failing document was found until then'
        : `${counted(failing, 'document')} found until then that would fail`
    return `not finished within ${seconds(limitMs)}: ${found}`
  }
  if (scan.ended === 'limit') {
    const first = `of the first ${counted(checked, 'document')}`
    return failing === 0 ? `${first} none would fail` : `${first} ${grouped(failing)} would fail`
  }
  if (failing === 0) return `no document would fail: checked ${grouped(checked)} of ${grouped(checked)}`
  return `${grouped(failing)} of ${counted(checked, 'document')} would fail`
}

interface SharedKeys {
  readonly keys: number
  readonly documents: number
}

/** "5 documents share 2 keys: the index cannot be built, as stored now". */
export function duplicatesText(result: ScanResult, found: SharedKeys): string {
  return `${duplicatesPart(result, found)}, ${result.scan.basis}${applyLooks(result, found)}`
}

function duplicatesPart({ scan, limitMs }: ScanResult, found: SharedKeys): string {
  if (scan.ended === 'time')
    return `not finished within ${seconds(limitMs)}: whether documents share a key is not known`
  const checked = scan.checked ?? 0
  const first = scan.ended === 'limit' ? `of the first ${counted(checked, 'document')} ` : ''
  if (found.keys > 0) {
    const documents = first === '' ? counted(found.documents, 'document') : grouped(found.documents)
    return `${first}${documents} share ${counted(found.keys, 'key')}: the index cannot be built`
  }
  return first === ''
    ? `no two documents share a key: checked ${grouped(checked)} of ${grouped(checked)}`
    : `${first}no two share a key`
}

/** Of documents with equal keys, for each index, before anything is changed: not for ever. The build of the index has the last word. */
export const APPLY_LOOK_MS = 10_000

/** Whoever reads that a look was cut off must know that the next one goes further. */
const applyLooks = ({ scan }: ScanResult, { keys }: SharedKeys): string =>
  scan.ended === 'all' || keys > 0 || !scan.foreseen
    ? ''
    : `; apply looks at all documents, for up to ${seconds(APPLY_LOOK_MS)}, before it changes anything`

/** What equal values amount to for a risk: "MF: 5 documents share 2 keys". */
export function uniqueRiskText({ scan }: Pick<ScanResult, 'scan'>, { keys, documents }: SharedKeys): string {
  const when = scan.foreseen ? '' : `, ${scan.basis}`
  const checked = grouped(scan.checked ?? 0)
  if (scan.ended === 'time') return `MF: not finished, nothing is known about equal values${when}`
  const range = scan.ended === 'all' ? '' : `, among the first ${checked} only`
  if (keys > 0) return `MF: ${counted(documents, 'document')} share ${counted(keys, 'key')}${range}${when}`
  return scan.ended === 'all'
    ? `MF: no two documents share a key: checked ${checked} of ${checked}${when}`
    : `MF: no two documents share a key${range}${when}`
}

/** What an index with a time to live would delete. */
interface Expired {
  readonly documents: number
  readonly path: string
  readonly seconds: number
}

/** "312 of 1,000 documents would be deleted right away: created is 3,600 s or more ago, as stored now". */
export function expiryText({ scan, limitMs }: ScanResult, expired: Expired): string {
  return `${expiryPart(scan, expired, limitMs)}, ${scan.basis}`
}

function expiryPart(scan: EvidenceScan, { documents, path, seconds: age }: Expired, limitMs: number): string {
  const checked = scan.checked ?? 0
  if (scan.ended === 'time')
    return `not finished within ${seconds(limitMs)}: how many documents would be deleted right away is not known`
  const why = `${path} is ${grouped(age)} s or more ago`
  if (scan.ended === 'limit') {
    const first = `of the first ${counted(checked, 'document')}`
    return documents === 0
      ? `${first} none would be deleted right away`
      : `${first} ${grouped(documents)} would be deleted right away: ${why}`
  }
  return documents === 0
    ? `no document would be deleted right away: checked ${grouped(checked)} of ${grouped(checked)}`
    : `${grouped(documents)} of ${counted(checked, 'document')} would be deleted right away: ${why}`
}

/** What is deleted amounts to for a risk: "DS: 312 documents right away". */
export function expiryRiskText({ scan }: Pick<ScanResult, 'scan'>, { documents }: Expired): string {
  const when = scan.foreseen ? '' : `, ${scan.basis}`
  if (scan.ended === 'time') return `DS: not finished, not known how many documents right away${when}`
  const checked = grouped(scan.checked ?? 0)
  const range = scan.ended === 'all' ? `checked ${checked} of ${checked}` : `checked the first ${checked} only`
  return documents === 0
    ? `DS: no document right away: ${range}${when}`
    : `DS: ${counted(documents, 'document')} right away${scan.ended === 'all' ? '' : `, of the first ${checked}`}${when}`
}

/** What a risk that depends on the data amounts to: "MF: 312 documents". */
export function riskText(code: string, { scan }: Pick<ScanResult, 'scan'>, documents: number): string {
  const when = scan.foreseen ? '' : `, ${scan.basis}`
  const checked = scan.checked ?? 0
  if (scan.ended === 'time') {
    const found =
      documents === 0
        ? 'not finished, nothing found until then'
        : `at least ${counted(documents, 'document')}, not finished`
    return `${code}: ${found}${when}`
  }
  if (documents === 0) {
    const range =
      scan.ended === 'all' ? `${grouped(checked)} of ${grouped(checked)}` : `the first ${grouped(checked)} only`
    return `${code}: no document fails: checked ${range}${when}`
  }
  const range = scan.ended === 'all' ? '' : ` of the first ${grouped(checked)}`
  return `${code}: ${counted(documents, 'document')}${range}${when}`
}

const seconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`)
