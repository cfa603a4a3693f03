import { describe, expect, it } from 'vitest'
import { tellLeftBehind } from './left-behind.ts'

const LEFT = {
  runId: 'r1',
  message: 'Killed: the lock of run r1 stays for up to 30 s',
  hint: '`stage0 unlock` frees it.',
}

function told(signal: NodeJS.Signals, json: boolean): { readonly out: string; readonly err: string } {
  const said = { out: '', err: '' }
  const io = { out: (text: string) => void (said.out += text), err: (text: string) => void (said.err += text) }
  tellLeftBehind(io, LEFT, signal, json)
  return said
}

describe('a run that is killed by a second signal', () => {
  it('says what it leaves, and how that is put in order', () => {
    const err = '\nKilled: the lock of run r1 stays for up to 30 s; `stage0 unlock` frees it.\n'
    expect(told('SIGINT', false)).toEqual({ out: '', err })
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('with --json says it in the place of its result: %s', (signal, exit) => {
    expect(JSON.parse(told(signal, true).out)).toEqual({
      ok: false,
      exit_code: exit,
      run_id: 'r1',
      problems: [{ code: 'KILLED', severity: 'error', text: `${LEFT.message}.`, hint: LEFT.hint }],
    })
  })
})
