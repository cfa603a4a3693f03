import type { Doc, Value } from '@stage0/bson-schema'
import type { PipelineSources } from '../contract.ts'
import type { Scope } from '../expression/types.ts'

/** Transforms documents; each call starts afresh, so that a compiled pipeline can run again. */
export type Transform = (input: Iterable<Doc>) => Iterable<Doc>

export interface StageEnvironment {
  readonly scope: Scope
  readonly sources: PipelineSources
  /** The stage in whose pipeline this one stands: some stages may not stand inside others. */
  readonly inside: '$facet' | '$lookup' | '$unionWith' | undefined
  /** Compiles a pipeline inside a stage. */
  readonly compileStages: (stages: readonly Value[], environment: StageEnvironment) => Transform
}

export type CompileStage = (spec: Value, environment: StageEnvironment, name: string) => Transform

/** A stage that looks at one document at a time. */
export const perDocument = (change: (document: Doc) => Doc): Transform =>
  function* (input) {
    for (const document of input) yield change(document)
  }
