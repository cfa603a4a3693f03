import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import { isDeep } from '@stage0/testkit'
import { lookAtTarget } from './files/target.ts'
import { writeInPlace, writeNew, type PlannedMerge } from './files/write-merge.ts'
import { ok, type Result } from './problem.ts'
import { PROVENANCE_FILE } from './process/names.ts'
import { conformanceCases, isShort, type LongCase } from './testing/conformance-cases.ts'
import { onDisk, planOnDisk, treeOf, type CaseFolders } from './testing/conformance-run.ts'

/** Each file is made sure of on the disk, which takes its time. */
const SAMPLE = isDeep ? 1 : 8
const long = conformanceCases().filter((one): one is LongCase => !isShort(one))
const sampled = (cases: readonly LongCase[]) =>
  cases.filter((_, at) => at % SAMPLE === 0).map((one) => [`${one.group}: ${one.name}`, one] as const)

function planned(folders: CaseFolders, one: LongCase): Result<PlannedMerge> {
  const plan = planOnDisk(folders, one)
  return plan.ok ? ok({ ...plan.value, engine: '0.0.0' }) : plan
}

function newFolder(merge: PlannedMerge, { output }: CaseFolders): Result<void> {
  const target = lookAtTarget(output, merge.template.folder)
  return target.ok ? writeNew(merge, target.value, dirname(output)) : target
}

const written = (folder: string): unknown => {
  const { [PROVENANCE_FILE]: provenance, ...product } = treeOf(folder)
  return { product, hasProvenance: provenance !== undefined }
}

it.each(sampled(long.filter(({ product }) => product !== undefined)))(
  'to a new folder and in place, the same product is on the disk: %s',
  (_, one) => {
    onDisk(one, (folders) => {
      const before = treeOf(folders.template)
      const merge = planned(folders, one)
      if (!merge.ok) throw new Error(JSON.stringify(merge.problems))
      expect(newFolder(merge.value, folders)).toEqual(ok(undefined))
      expect(written(folders.output)).toEqual({ product: one.product, hasProvenance: true })
      expect(treeOf(folders.template)).toEqual(before)
      expect(writeInPlace(merge.value)).toEqual(ok(undefined))
      expect(written(folders.template)).toEqual({ product: one.product, hasProvenance: true })
    })
  },
)

it.each(sampled(long.filter(({ problems }) => problems !== undefined)))('nothing is written: %s', (_, one) => {
  onDisk(one, (folders) => {
    const before = treeOf(dirname(folders.template))
    expect(planned(folders, one).ok).toBe(false)
    expect(existsSync(folders.output)).toBe(false)
    expect(treeOf(dirname(folders.template))).toEqual(before)
  })
})
