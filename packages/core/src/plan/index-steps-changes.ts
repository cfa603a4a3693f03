import { plainText, specOf, type IndexForm } from './index-form.ts'
import { changeInWords, secondsOf, type IndexChange } from './index-form-in-place.ts'
import type { IndexState } from './index-steps-state.ts'
import type { Risk, StepOf } from './plan.ts'
import { risk } from './risks.ts'
import type { WantedIndex, WantedVersion } from './wanted.ts'

/** An index that becomes another one without being dropped. */
export interface PlannedChange {
  readonly index: WantedIndex
  readonly form: IndexForm
  readonly before: IndexForm
  readonly change: IndexChange
}

export function changeStep(state: IndexState, version: WantedVersion, planned: PlannedChange): StepOf<'changeIndex'> {
  const { index, before, change } = planned
  return {
    kind: 'changeIndex',
    id: `${state.collection}/${version.version}/changeIndex/${index.name}`,
    collection: state.collection,
    version: version.version,
    name: `change index ${index.name} in place: ${changeInWords(change)}`,
    risks: state.existed ? changeRisks(version, planned) : [],
    recovery: 'observe',
    undo:
      change.unique === true
        ? 'drop the index and build it anew: a unique index cannot be made plain in place'
        : `give the index ${index.name} its options back: ${plainText(before.options)}`,
    index: specOf(index),
    before: specOf(before),
    change,
  }
}

function changeRisks(version: WantedVersion, { index, before, change }: PlannedChange): Risk[] {
  const { name } = index
  const risks = [risk(version, 'indexChanged', `changing ${name} takes the collection for a moment`, name)]
  if (change.unique === true)
    risks.push(
      risk(
        version,
        'uniqueAsked',
        `index ${name} becomes unique, where stored documents have equal values it fails`,
        name,
      ),
    )
  const former = secondsOf(before.options.get('expireAfterSeconds'))
  if (change.expireAfterSeconds !== undefined && (former === undefined || former > change.expireAfterSeconds))
    risks.push(expiry(version, name, change.expireAfterSeconds))
  return risks
}

/** An index that deletes: of documents that stand already too. */
export const expiry = (version: WantedVersion, name: string, seconds: number): Risk =>
  risk(version, 'documentsExpire', `index ${name} deletes documents ${seconds} s after the time in its field`, name)
