import { describe, expect, it } from 'vitest'
import { run, wantsJson } from './program.ts'
import { recordingIo } from './testing/recording-io.ts'

async function used(...args: readonly string[]) {
  const io = recordingIo({ signal: AbortSignal.abort() })
  return { exit: await run(args, io, '1.2.3'), ...io.written }
}

describe('wrong use of the command', () => {
  it.each([
    { args: ['status', '--nope'], says: "unknown option '--nope'" },
    { args: ['status', '--repositry', 'x'], says: "unknown option '--repositry' (Did you mean --repository?)" },
    { args: ['render'], says: "missing required argument 'form'" },
    { args: ['render', 'xml', 'user'], says: 'Allowed choices are json, bson.' },
    { args: ['apply', '--wait', 'soon'], says: 'Seconds are a number' },
    { args: ['embedded', '--port', '99999999'], says: 'A port is a number from 0 to 65535.' },
    { args: ['status', '--uri'], says: "option '--uri <connection string>' needs a value" },
    { args: ['aply'], says: "unknown command 'aply' (Did you mean apply?)" },
    { args: ['embedded', '--memory', '--data', 'x'], says: "cannot be used with option '--data <folder>'" },
  ])('with --json is told on standard output, as every failure is: $args', async ({ args, says }) => {
    const { exit, out, err } = await used(...args, '--json')
    expect([exit, err]).toEqual([64, ''])
    expect(JSON.parse(out)).toEqual({
      ok: false,
      exit_code: 64,
      problems: [
        {
          code: 'USAGE',
          severity: 'error',
          text: expect.stringContaining(says) as string,
          hint: expect.stringContaining('--help') as string,
        },
      ],
    })
  })

  it('for people is told on standard error, once, with the help that explains it', async () => {
    const { exit, out, err } = await used('status', '--nope')
    expect([exit, out]).toEqual([64, ''])
    expect(err).toBe("error  USAGE\n  unknown option '--nope'\n  hint: `stage0 status --help` explains the use.\n")
  })

  it.each([
    { args: ['embedded', '--replica-set', '--json'], option: '--replica-set <name>' },
    { args: ['status', '--database', '--json'], option: '--database <name>' },
    { args: ['apply', '--plan', '--yes', '--json'], option: '--plan <file>' },
  ])('is an option where a value belongs: $args', async ({ args, option }) => {
    const { exit, out } = await used(...args)
    expect(exit).toBe(64)
    expect(JSON.parse(out)).toMatchObject({
      problems: [{ code: 'USAGE', text: expect.stringContaining(`'${option}' needs a value`) as string }],
    })
  })

  it('is not a value that begins with a dash behind an equals sign, nor one that follows a value', async () => {
    expect((await used('check', '--repository=-nowhere', '--json')).out).toContain('REPOSITORY_NOT_FOUND')
    expect((await used('check', '--repository', 'nowhere', '--json')).out).toContain('REPOSITORY_NOT_FOUND')
  })
})

describe('whether JSON is wanted', () => {
  it.each([
    { args: ['check', '--json'], wanted: true },
    { args: ['check'], wanted: false },
    { args: ['render', 'json', '--', '--json'], wanted: false },
  ])('$args: $wanted', ({ args, wanted }) => expect(wantsJson(args)).toBe(wanted))
})
