/** One stage of a Dockerfile. */
export interface Stage {
  readonly name: string
  /** The image or stage that it begins from. */
  readonly from: string
  /** Its instructions, continued lines joined. */
  readonly lines: readonly string[]
}

/** The stages of a Dockerfile in their order. */
export function stagesOf(dockerfile: string): readonly Stage[] {
  const stages: { name: string; from: string; lines: string[] }[] = []
  for (const line of instructionsOf(dockerfile)) {
    const [, from = '', name = ''] = /^FROM (?:--\S+ )*(\S+)(?: AS (\S+))?$/.exec(line) ?? []
    if (from === '') stages.at(-1)?.lines.push(line)
    else stages.push({ from, name, lines: [] })
  }
  return stages
}

/** Every instruction that makes a stage what it is: those of the stages that it begins from, then its own. */
export function allLinesOf(stages: readonly Stage[], name: string): readonly string[] {
  const stage = stages.find((each) => each.name === name)
  return stage === undefined ? [] : [...allLinesOf(stages, stage.from), ...stage.lines]
}

/** The variables that `ENV` sets, with their values; later ones win. */
export function environmentOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const sets = lines.filter((line) => line.startsWith('ENV '))
  const pairs = sets.flatMap((line) => [...line.matchAll(/\b([A-Z][A-Z0-9_]*)=(\S*)/g)])
  return new Map(pairs.map(([, name = '', value = '']) => [name, value]))
}

export const instructionsOf = (dockerfile: string): readonly string[] =>
  dockerfile
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
