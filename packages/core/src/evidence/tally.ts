import { compileSchema, type CompiledSchema, type Doc } from '@stage0/bson-schema'
import type { EvidenceRule, EvidenceSample } from '@stage0/types'
import { explainSample } from './explain.ts'
import { rulesOf, type SchemaRule } from './rules.ts'

/** So many samples show a rule before one of another rule is preferred. */
const SAMPLES_PER_RULE = 3

interface Counted {
  readonly rule: SchemaRule
  readonly matches: (document: Doc) => boolean
  documents: number
}

interface Kept {
  readonly order: number
  readonly document: Doc
}

/**
 * Counts failing documents per rule of a schema and per group of rules, and keeps samples that show as many rules as they
 * can. A document counts once for each rule that it breaks; memory does not grow with the number of documents.
 */
export class FailureTally {
  readonly #schema: CompiledSchema | undefined
  readonly #rules: readonly Counted[]
  readonly #groups: readonly { readonly members: ReadonlySet<Counted>; documents: number }[]
  readonly #maxSamples: number
  readonly #first: Kept[] = []
  readonly #telling: Kept[] = []
  #documents = 0
  #unexplained = 0

  /** @param groups Each is counted as a whole: a document that breaks several of its rules counts once. */
  constructor(schema: Doc, maxSamples: number, groups: readonly ((rule: SchemaRule) => boolean)[] = []) {
    const whole = compileSchema(schema)
    this.#schema = whole.ok ? whole.value : undefined
    this.#maxSamples = maxSamples
    this.#rules = rulesOf(schema).flatMap((rule) => {
      const compiled = compileSchema(rule.schema)
      return compiled.ok ? [{ rule, matches: compiled.value.matches, documents: 0 }] : []
    })
    this.#groups = groups.map((selects) => ({
      members: new Set(this.#rules.filter(({ rule }) => selects(rule))),
      documents: 0,
    }))
  }

  /** Takes a document that the server says does not match. */
  add(document: Doc): void {
    const order = this.#documents++
    const broken = this.#rules.filter((one) => !one.matches(document))
    if (broken.length === 0) this.#unexplained += 1
    const isTelling = broken.some(({ documents }) => documents < SAMPLES_PER_RULE)
    for (const one of broken) one.documents += 1
    for (const group of this.#groups) if (broken.some((one) => group.members.has(one))) group.documents += 1
    if (isTelling && this.#telling.length < this.#maxSamples) this.#telling.push({ order, document })
    else if (this.#first.length < this.#maxSamples) this.#first.push({ order, document })
  }

  get documents(): number {
    return this.#documents
  }

  /** Documents that our evaluator finds nothing wrong with, or could not judge: it and the server do not agree on them. */
  get unexplained(): number {
    return this.#unexplained
  }

  /** Rules that documents break, most documents first. */
  rules(): EvidenceRule[] {
    return this.#rules
      .filter(({ documents }) => documents > 0)
      .sort((a, b) => b.documents - a.documents)
      .map(({ rule: { path, keyword, expected }, documents }) => ({ path, keyword, expected, documents }))
  }

  /** Documents that break a rule of the group. */
  group(index: number): number {
    return this.#groups[index]?.documents ?? 0
  }

  samples(): EvidenceSample[] {
    const schema = this.#schema
    if (schema === undefined) return []
    return [...this.#telling, ...this.#first]
      .slice(0, this.#maxSamples)
      .sort((a, b) => a.order - b.order)
      .map(({ document }) => explainSample(schema, document))
  }
}
