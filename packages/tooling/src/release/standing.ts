/** What a registry of npm has of a package, as `npm view <name> versions dist-tags --json` prints it: one version is no list. */
export interface Standing {
  readonly versions: readonly string[]
  readonly latest: string | undefined
}

/** @returns Nothing where it is no such text. */
export function standingOf(said: unknown): Standing | undefined {
  if (typeof said !== 'object' || said === null) return undefined
  const { versions, 'dist-tags': tags } = said as {
    readonly versions?: string | readonly string[]
    readonly 'dist-tags'?: Readonly<Record<string, string>>
  }
  return versions === undefined ? undefined : { versions: [versions].flat(), latest: tags?.['latest'] }
}

const NUMBERS = /^(\d+)\.(\d+)\.(\d+)$/

/** The newest of versions, those with a suffix left out; nothing where there is none. */
export function newestOf(versions: readonly string[]): string | undefined {
  const parts = (version: string): readonly number[] => (NUMBERS.exec(version) ?? []).slice(1).map(Number)
  const [newest] = versions
    .filter((version) => NUMBERS.test(version))
    .sort((a, b) => {
      const [left, right] = [parts(a), parts(b)]
      const at = left.findIndex((number, i) => number !== right[i])
      return at < 0 ? 0 : (right[at] ?? 0) - (left[at] ?? 0)
    })
  return newest
}
