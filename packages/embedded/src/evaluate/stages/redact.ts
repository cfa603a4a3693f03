import { Doc, isArray, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { declare, type Cell } from '../expression/types.ts'
import { show } from '../show.ts'
import type { CompileStage } from './types.ts'
import { TURN } from '../turn.ts'

/*
 * What the three decisions evaluate to: values that no document can hold as they are, compared by identity.
 */
const DESCEND = new Doc(['$redact'], ['descend'])
const PRUNE = new Doc(['$redact'], ['prune'])
const KEEP = new Doc(['$redact'], ['keep'])

export const compileRedact: CompileStage = (spec, environment) => {
  const { scope, cells } = declare(environment.scope, ['CURRENT', 'DESCEND', 'PRUNE', 'KEEP'])
  const [current, ...decisions] = cells as [Cell, Cell, Cell, Cell]
  decisions.forEach((cell, i) => {
    cell.value = [DESCEND, PRUNE, KEEP][i]
  })
  const { evaluate } = scope.compile(spec, scope)
  const redact = (document: Doc, root: Doc): Doc | undefined => {
    current.value = document
    const decision = evaluate(root)
    if (decision === KEEP) return document
    if (decision === PRUNE) return undefined
    if (decision !== DESCEND) {
      throw new ServerError(
        17053,
        `$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE, but returned ${show(decision)}`,
      )
    }
    return descend(document, root)
  }
  const descend = (document: Doc, root: Doc): Doc => {
    const keys: string[] = []
    const values: Value[] = []
    document.keys.forEach((key, i) => {
      const kept = inValue(document.values[i] as Value, root)
      if (kept === undefined) return
      keys.push(key)
      values.push(kept)
    })
    return new Doc(keys, values)
  }
  const inValue = (value: Value, root: Doc): Value | undefined => {
    if (isDoc(value)) return redact(value, root)
    if (!isArray(value)) return value
    return value.flatMap((element): readonly Value[] => {
      const kept = inValue(element, root)
      return kept === undefined ? [] : [kept]
    })
  }
  return function* (input) {
    for (const document of input) {
      if (document === TURN) {
        yield TURN
        continue
      }
      const kept = redact(document, document)
      if (kept !== undefined) yield kept
    }
  }
}
