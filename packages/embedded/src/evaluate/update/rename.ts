import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { show } from '../show.ts'
import { isElementSelector, updatePath, type Target } from './tree.ts'

/** `$rename`: the new path takes the value from the document as it was, the old path is removed. */
export function renameTargets(from: string, operand: Value): readonly Target[] {
  if (typeof operand !== 'string')
    throw new ServerError(2, `The 'to' field for $rename must be a string: ${from}: ${show(operand)}`)
  for (const path of [from, operand]) {
    if (updatePath(path).some((part) => part === '$' || isElementSelector(part))) {
      throw new ServerError(2, `The source and target field for $rename must not be dynamic: ${path}`)
    }
  }
  if (from === operand)
    throw new ServerError(2, `The source and target field for $rename must differ: ${from}: "${operand}"`)
  const parts = updatePath(from)
  return [
    {
      path: operand,
      modifier: {
        operator: '$rename',
        creates: true,
        active: ({ original }) => sourceValue(original, parts) !== undefined,
        apply: (old, { original }) => sourceValue(original, parts) ?? old,
      },
    },
    { path: from, modifier: { operator: '$rename', creates: false, apply: () => undefined } },
  ]
}

function sourceValue(document: Doc, parts: readonly string[]): Value | undefined {
  let value: Value | undefined = document
  for (const part of parts) {
    if (isArray(value)) {
      throw new ServerError(
        2,
        `The source field cannot be an array element, '${parts.join('.')}' in doc with _id: ${show(document.get('_id'))} has an array field`,
      )
    }
    if (!isDoc(value)) return undefined
    value = value.get(part)
  }
  return value
}
