/** A fact of the shared behaviour list that the evaluator answers in another way, with the reason; part of the support page. */
export interface BehaviourException {
  /** Area and name of the fact. */
  readonly fact: string
  /** What the evaluator gives, as canonical Extended JSON, or the code and message of its refusal. */
  readonly given: string
  readonly reason: string
}

export const BEHAVIOUR_EXCEPTIONS: readonly BehaviourException[] = []
