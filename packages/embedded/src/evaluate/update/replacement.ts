import { Doc, docOf, isTimestamp, type Value } from '@stage0/bson-schema'
import { Timestamp } from 'bson'
import { ServerError } from '../../server-error.ts'
import type { EvaluationContext, Update } from '../contract.ts'
import { identical } from '../identical.ts'
import { show } from '../show.ts'

/** The document replaces everything but `_id`, which stays first. */
export function compileReplacement(replacement: Doc, context: EvaluationContext): Update {
  for (const key of replacement.keys) {
    if (key.startsWith('$')) {
      throw new ServerError(
        52,
        `The dollar ($) prefixed field '${key}' in '${key}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      )
    }
  }
  const filled = new Doc(
    replacement.keys,
    replacement.values.map((value) => (isEmptyTimestamp(value) ? now(context) : value)),
  )
  return {
    kind: 'replacement',
    apply: (document) => {
      const replaced = withIdOf(filled, document)
      return identical(replaced, document) ? document : replaced
    },
  }
}

/** A top-level timestamp of zero stands for the current time. */
const isEmptyTimestamp = (value: Value): boolean => isTimestamp(value) && value.high === 0 && value.low === 0
const now = (context: EvaluationContext): Value => new Timestamp({ t: Math.floor(context.now.getTime() / 1000), i: 1 })

/** Keeps the `_id` of the old document; another one in the new document is refused (code 66). */
export function withIdOf(replacement: Doc, document: Doc): Doc {
  const id = document.get('_id')
  if (id === undefined) return idFirst(replacement)
  const own = replacement.get('_id')
  if (own !== undefined && !identical(own, id)) {
    throw new ServerError(
      66,
      `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(own)}`,
    )
  }
  return idFirst(replacement.has('_id') ? replacement : docOf([['_id', id], ...replacement.entries()]))
}

function idFirst(document: Doc): Doc {
  const at = document.indexOf('_id')
  if (at <= 0) return document
  return docOf([['_id', document.values[at] as Value], ...document.without('_id').entries()])
}

export const isReplacement = (update: Doc): boolean => !(update.keys[0] ?? '').startsWith('$')
