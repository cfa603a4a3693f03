import type { Enumeration, EnumValue } from '@stage0/types'
import { paths } from '../../shared/paths.ts'

/** An enumeration as a row of the list. */
export interface EnumerationLine {
  readonly name: string
  readonly versions: readonly number[]
  readonly newest: number
  /** How many values the newest version has. */
  readonly values: number
  readonly usedBy: number
  readonly path: string
}

const versionsOf = (enumeration: Enumeration): readonly number[] =>
  enumeration.versions.map(({ version }) => version).toSorted((a, b) => a - b)

export function enumerationLine(enumeration: Enumeration): EnumerationLine {
  const versions = versionsOf(enumeration)
  const newest = versions.at(-1) ?? 0
  return {
    name: enumeration.name,
    versions,
    newest,
    values: valuesOf(enumeration, newest)?.length ?? 0,
    usedBy: enumeration.used_by,
    path: paths.enumeration(newest, enumeration.name),
  }
}

/** The values of one version, in declared order; undefined where that version does not have the enumeration (C-15). */
export const valuesOf = (enumeration: Enumeration, version: number): readonly EnumValue[] | undefined =>
  enumeration.versions.find((of) => of.version === version)?.values

/** What a version says of a value. */
export type Cell = 'there' | 'came' | 'gone' | 'deprecated' | 'absent'

/** A value with what each version says of it, in the order of `versions`. */
export interface MatrixLine {
  readonly value: string
  /** Of the version that is asked for, else of the newest that has the value. */
  readonly description: string
  readonly cells: readonly Cell[]
  readonly isInVersion: boolean
}
export interface Matrix {
  readonly versions: readonly number[]
  readonly lines: readonly MatrixLine[]
}

/**
 * Values by versions: which value came when, and which went.
 *
 * Values of the version that is asked for come first, in its order; then those that only other versions have, the
 * oldest first.
 */
export function matrixOf(enumeration: Enumeration, version: number): Matrix {
  const versions = versionsOf(enumeration)
  const byVersion = new Map(
    versions.map((of) => [of, new Map((valuesOf(enumeration, of) ?? []).map((value) => [value.value, value]))]),
  )
  const own = byVersion.get(version) ?? new Map<string, EnumValue>()
  const all = new Set([...own.keys(), ...versions.flatMap((of) => [...(byVersion.get(of)?.keys() ?? [])])])
  return {
    versions,
    lines: [...all].map((value) => {
      const known = versions.map((of) => byVersion.get(of)?.get(value))
      return {
        value,
        description: (own.get(value) ?? known.findLast((of) => of !== undefined))?.description ?? '',
        cells: known.map((of, index) => cellOf(of, index === 0 ? undefined : { value: known[index - 1] })),
        isInVersion: own.has(value),
      }
    }),
  }
}

/** @param before The same value in the version before; undefined for the first version, where nothing can have come. */
function cellOf(value: EnumValue | undefined, before: { readonly value: EnumValue | undefined } | undefined): Cell {
  if (value === undefined) return before?.value === undefined ? 'absent' : 'gone'
  if (value.deprecated) return 'deprecated'
  return before !== undefined && before.value === undefined ? 'came' : 'there'
}
