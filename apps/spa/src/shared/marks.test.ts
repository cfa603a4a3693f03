import { describe, expect, it } from 'vitest'
import { collectionMark, rowMark, runMark, runStateMark, sentence, severityMark } from './marks.ts'

describe('marks of states', () => {
  it.each([
    ['in sync', 'success', 'In sync'],
    ['behind', 'warning', 'Behind'],
    ['drifted', 'warning', 'Drifted'],
    ['interrupted', 'error', 'Interrupted'],
    ['invalid', 'error', 'Invalid'],
    ['unknown', 'neutral', 'Unknown'],
  ] as const)('a collection that is %s is shown as %s', (state, kind, label) => {
    expect(collectionMark(state)).toEqual({ kind, label })
  })

  it('C-01 a failed run is never shown as anything but failed', () => {
    expect(runMark('failed')).toEqual({ kind: 'error', label: 'Failed' })
  })

  it('C-02 success with leftovers is not plain success', () => {
    expect(runMark('succeeded_with_leftovers')).toEqual({ kind: 'warning', label: 'Succeeded with leftovers' })
  })

  it('C-02 a run that left documents says how many, where its record knows', () => {
    const run = { status: 'succeeded_with_leftovers' } as const
    const error = { code: 'LEFTOVERS_FOUND', message: '', detail: { user: 1200, media: 34 } }
    expect(runStateMark({ ...run, error })).toEqual({ kind: 'warning', label: 'Succeeded with leftovers (1,234)' })
    expect(runStateMark(run)).toEqual(runMark('succeeded_with_leftovers'))
  })

  it('a collection that is in sync, but has documents that do not match, is not simply well', () => {
    const leftovers = { count: 5, run_id: 'r' }
    expect(rowMark({ state: 'in sync', leftovers })).toEqual({ kind: 'warning', label: 'Leftovers' })
    expect(rowMark({ state: 'in sync' })).toEqual(collectionMark('in sync'))
    expect(rowMark({ state: 'drifted', leftovers })).toEqual(collectionMark('drifted'))
  })

  it('a run that waits is paused, by word, colour and an icon of its own; one that is over is not', () => {
    const paused = runStateMark({ status: 'running', paused: true })
    expect(paused).toMatchObject({ kind: 'warning', label: 'Paused' })
    expect(paused.icon).toBeDefined()
    expect(runStateMark({ status: 'running', paused: false })).toEqual(runMark('running'))
    expect(runStateMark({ status: 'interrupted', paused: true })).toEqual(runMark('interrupted'))
  })

  it('a word of a later service is shown as it is', () => {
    expect(runMark('postponed' as never)).toEqual({ kind: 'neutral', label: 'Postponed' })
    expect(collectionMark('constructor' as never).kind).toBe('neutral')
  })

  it('a notice is an information', () => {
    expect(severityMark('notice')).toEqual({ kind: 'info', label: 'Notice' })
  })

  it('an empty word stays empty', () => {
    expect(sentence('')).toBe('')
  })
})
