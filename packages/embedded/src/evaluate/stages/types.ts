import type { Doc, Value } from '@stage0/bson-schema'
import type { PipelineSources } from '../contract.ts'
import type { Scope } from '../expression/types.ts'
import { TURN, withoutTurns, type Item } from '../turn.ts'

/** Transforms documents and passes turns on; each call starts afresh, so that a compiled pipeline can run again. */
export type Transform = (input: Iterable<Item>) => Iterable<Item>

export interface StageEnvironment {
  readonly scope: Scope
  readonly sources: PipelineSources
  /** The stage in whose pipeline this one stands: some stages may not stand inside others. */
  readonly inside: '$facet' | '$lookup' | '$unionWith' | undefined
  /** Compiles a pipeline inside a stage. */
  readonly compileStages: (stages: readonly Value[], environment: StageEnvironment) => Transform
}

export type CompileStage = (spec: Value, environment: StageEnvironment, name: string) => Transform

/** Compiles a stage that lets nobody have a turn while it reads its input. */
export type CompileWholeStage = (
  spec: Value,
  environment: StageEnvironment,
  name: string,
) => (input: Iterable<Doc>) => Iterable<Doc>

export const whole =
  (compile: CompileWholeStage): CompileStage =>
  (spec, environment, name) => {
    const run = compile(spec, environment, name)
    return (input) => run(withoutTurns(input))
  }

/** A stage that looks at one document at a time. */
export const perDocument = (change: (document: Doc) => Doc): Transform =>
  function* (input) {
    for (const item of input) yield item === TURN ? item : change(item)
  }
