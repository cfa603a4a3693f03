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

/** "2 keys are shared by 5 documents: the index cannot be built". */
export function duplicatesText(
  { scan, limitMs }: ScanResult,
  found: { readonly keys: number; readonly documents: number },
): string {
  return `${duplicatesPart(scan, found, limitMs)}, ${scan.basis}`
}

function duplicatesPart(
  scan: EvidenceScan,
  found: { readonly keys: number; readonly documents: number },
  limitMs: number,
): string {
  const { keys, documents } = found
  if (scan.ended === 'time') return `not finished within ${seconds(limitMs)}: nothing is known about duplicates`
  const checked = scan.checked ?? 0
  const shared = `${counted(keys, 'key')} ${keys === 1 ? 'is' : 'are'} shared by ${counted(documents, 'document')}: the index cannot be built`
  if (scan.ended === 'limit') {
    const first = `of the first ${counted(checked, 'document')}`
    return keys === 0 ? `${first} no two share a key` : `${first}: ${shared}`
  }
  return keys === 0 ? `no two documents share a key: checked ${grouped(checked)} of ${grouped(checked)}` : shared
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
