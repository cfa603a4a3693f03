import type { Problem, Severity } from '@stage0/types'
import { problemIn, type Finding } from '../model/locate.ts'
import type { Located } from '../model/model.ts'
import { sourcePlace, type SourcePlace } from '../model/source-place.ts'

const RANK: Readonly<Record<Severity, number>> = { error: 2, warning: 1, notice: 0 }

const isPlace = (at: Located | SourcePlace): at is SourcePlace => 'line' in at

/** Collects problems: each once, however often its cause is met, and with lines only for what is reported. */
export class ProblemList {
  readonly #problems = new Map<string, Problem>()

  /** @param inside JSON pointer below the place, where the finding is about something inside it. */
  add(at: Located | SourcePlace, finding: Finding, inside = ''): void {
    const place = isPlace(at) ? at : sourcePlace(at)
    const pointer = place.pointer + inside
    const key = `${finding.code}\n${place.file}\n${pointer}\n${finding.text}`
    const known = this.#problems.get(key)
    if (known !== undefined && RANK[known.severity] >= RANK[finding.severity]) return
    this.#problems.set(key, problemIn({ ...place, pointer }, finding))
  }

  get all(): readonly Problem[] {
    return [...this.#problems.values()]
  }

  get hasErrors(): boolean {
    return this.all.some((problem) => problem.severity === 'error')
  }
}
