import { describe, expect, it } from 'vitest'
import { mergeInto, mergeOf, problemsOf, textsOf } from './testing/merge-of.ts'

describe('an output', () => {
  it.each([
    ['d/x', { D: 'kept' }, 'is in d, which is also the file D of the template'],
    ['a/d/x', { 'a/D': 'kept' }, 'is in a/d, which is also the file a/D of the template'],
    ['d', { 'D/x': 'kept' }, 'is also the folder D of the template'],
  ])('%s beside what the template keeps under the name of a folder of it is refused: %j', (output, files, why) => {
    expect(problemsOf(mergeInto(output, files))).toEqual([
      `1:47 MERGE_OUTPUT_TWICE The output ${output} of t ${why}, which some systems take for the same name.`,
    ])
  })

  it('in a folder that the template has in another spelling as well is written where it belongs', () => {
    expect(textsOf(mergeInto('D/x', { 'D/y': 'kept' }))).toEqual({ 'D/x': 'text' })
    expect(textsOf(mergeInto('d/x', { 'd/y': 'kept', D: 'kept' }))).toEqual({ 'd/x': 'text' })
  })

  it.each(['S3cret', 'S3cret/x'])(
    '%s by a value of the environment does not show it in the name that is kept',
    (to) => {
      const control = 'environment: { TOKEN: x }\ntemplates: [{ path: t, merge: true, output: "{{ TOKEN }}" }]'
      const result = mergeOf(control, { t: '', s3cret: 'kept' }, {}, { TOKEN: to })
      expect(problemsOf(result)).toEqual([expect.stringContaining('MERGE_OUTPUT_TWICE')])
      expect(JSON.stringify(result)).not.toMatch(/s3cret/i)
    },
  )
})
