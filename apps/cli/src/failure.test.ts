import { describe, expect, it } from 'vitest'
import { EXIT } from '@stage0/types'
import { tellFailure } from './failure.ts'
import { recordingIo } from './testing/recording-io.ts'

const defect = { code: 'DEFECT', message: 'It broke.', exit: EXIT.stepFailed }

describe('a failure', () => {
  it('that left something to look at, but failed in nothing, is a warning', () => {
    const io = recordingIo()
    expect(tellFailure(io, { ...defect, severity: 'warning', exit: EXIT.leftovers })).toBe(9)
    expect(io.written.err).toMatch(/^warning {2}DEFECT\n/)
  })

  it('is told on standard error, with what the catalogue says to do', () => {
    const io = recordingIo()
    expect(tellFailure(io, defect)).toBe(1)
    expect(io.written).toEqual({
      out: '',
      err: expect.stringMatching(/^error {2}DEFECT\n {2}It broke\.\n {2}hint: .+\n$/) as string,
    })
  })

  it('is one object on standard output with --json', () => {
    const io = recordingIo()
    tellFailure(io, { ...defect, hint: 'Wait.' }, true)
    expect(io.written.err).toBe('')
    expect(JSON.parse(io.written.out)).toEqual({
      ok: false,
      exit_code: 1,
      problems: [{ code: 'DEFECT', severity: 'error', text: 'It broke.', hint: 'Wait.' }],
    })
  })
})
