import { Mapping, type Value } from '../value.ts'
import { kindOf, listed, spelled } from './words.ts'

export type Lookup = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly missed: Missed }

/** The step of a dotted path behind which there is nothing. */
export interface Missed {
  /** Its place among the steps, from 0. */
  readonly index: number
  readonly step: string
  /** What is wrong there, and what there is instead, in a sentence. */
  readonly message: string
}

/** What templates and paths can name. */
export type Names = ReadonlyMap<string, Value>

/**
 * Follows a path such as `specifications.product.info` from key to key. The dot is the only sign with a meaning: lists are not
 * entered, and a key that has a dot in itself cannot be reached.
 *
 * @param isPrivate Whether nothing of the path may be in a message.
 */
export function lookup(names: Names, path: string, isPrivate = false): Lookup {
  const steps = path.split('.')
  let value: Value | undefined
  for (const [index, step] of steps.entries()) {
    const reached = steps.slice(0, index).join('.')
    const next = index === 0 ? names.get(step) : value instanceof Mapping ? value.get(step) : undefined
    if (next === undefined) {
      const message = isPrivate ? whyNotShown(names, value, index) : whyNot(names, value, reached, step, index)
      return { ok: false, missed: { index, step, message } }
    }
    value = next
  }
  // A text split has at least one step.
  return { ok: true, value: value ?? null }
}

/** The same without a word of the path. */
function whyNotShown(names: Names, value: Value | undefined, index: number): string {
  const nowhere = `there is nothing at step ${index + 1}`
  if (index === 0 || value === undefined) return `${nowhere}; there are: ${listed([...names.keys()])}`
  if (!(value instanceof Mapping)) return `${nowhere}, since before it is ${kindOf(value)}`
  return `${nowhere}; there are: ${listed(value.keys().map(spelled))}`
}

function whyNot(names: Names, value: Value | undefined, reached: string, step: string, index: number): string {
  if (step === '') return `step ${index + 1} of the path is empty`
  if (index === 0) return `there is no "${step}"; there are: ${listed([...names.keys()])}`
  if (value === undefined) return `there is no "${reached}"`
  if (!(value instanceof Mapping)) return `"${reached}" is ${kindOf(value)} and has no "${step}"`
  const keys = value.keys()
  const there = `"${reached}" has no "${step}"; it has: ${listed(keys.map(spelled))}`
  const dotted = keys.find((key) => typeof key === 'string' && key.startsWith(`${step}.`))
  return dotted === undefined
    ? there
    : `${there}. A path cannot reach "${spelled(dotted)}", since the dot is a part of that key`
}
