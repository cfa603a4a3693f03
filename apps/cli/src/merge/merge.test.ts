import { appendFile, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../program.ts'
import { recordingIo } from '../testing/recording-io.ts'
import { SHELF } from '../testing/products.ts'
import { PRODUCT, templateFolders, textsIn, writeFiles } from '../testing/template-folders.ts'
import type { Io } from '../terminal/io.ts'

async function stage0(args: readonly string[], more: Partial<Io> = {}) {
  const io = recordingIo({ environment: { SERVICE_NAME: 'shop' }, folder: '/', ...more })
  return { exit: await run(args, io, '1.2.3'), ...io.written }
}

async function folders() {
  const made = await templateFolders()
  const args = ['merge', '--template', made.template, '--specifications', made.specifications]
  return { ...made, args, toOutput: [...args, '--output', made.output] }
}

describe('stage0 merge', () => {
  it('makes a product and says what it is of', async () => {
    const { root, output, template, toOutput } = await folders()
    expect(await stage0(toOutput, { folder: root })).toEqual({
      exit: 0,
      out: 'Merged template into product: 4 files generated, 1 copied.\n',
      err: '',
    })
    expect(await textsIn(output)).toEqual(PRODUCT)
    expect(Object.keys(await textsIn(template))).toContain('.stage0_template/process.yaml')
  })

  it('warns of an output whose name lacks a part, for people and in JSON, and writes it', async () => {
    const { root, template, output, toOutput } = await folders()
    await writeFile(
      join(template, '.stage0_template/process.yaml'),
      'environment: { SERVICE_NAME: x }\ntemplates: [{ path: settings.env, merge: true, output: "{{ specifications.stage }}.env" }]',
    )
    const { exit, err, out } = await stage0([...toOutput, '--dry-run'], { folder: root })
    expect([exit, out]).toEqual([0, expect.stringContaining('Nothing was written.')])
    expect(err).toMatch(/^template\/\.stage0_template\/process\.yaml:2:\d+ {2}warning {2}MERGE_OUTPUT_INCOMPLETE\n/)
    expect(err).toContain('The output ".env" of settings.env lacks a part, since `specifications.stage` is undefined.')
    const told = await stage0([...toOutput, '--json'])
    expect([told.exit, told.err, JSON.parse(told.out)]).toEqual([
      0,
      '',
      expect.objectContaining({
        ok: true,
        problems: [expect.objectContaining({ code: 'MERGE_OUTPUT_INCOMPLETE', severity: 'warning' })],
      }),
    ])
    expect(Object.keys(await textsIn(output))).toContain('.env')
  })

  it('refuses a catalog with a nameless entry for mongodb-api, and tells the line of it', async () => {
    const { root } = await folders()
    await cp(SHELF.specifications, join(root, 'shelf'), { recursive: true })
    await appendFile(join(root, 'shelf/catalog.yaml'), '  - description: nameless\n')
    const args = ['merge', '--template', 'mongodb-api', '--specifications', 'shelf', '--output', 'made']
    const { exit, err } = await stage0(args, { folder: root })
    expect(exit).toBe(4)
    expect(err).toContain('error  MERGE_OUTPUT_INCOMPLETE\n  The output "./configurations/.yaml"')
    expect(err).toMatch(/shelf\/catalog\.yaml:\d+:5 {2}warning {2}SPECIFICATION_MEMBER_MISSING\n/)
    expect(await readdir(root)).not.toContain('made')
  })

  it('tells a specification that mongodb-api cannot read once', async () => {
    const { root } = await folders()
    await cp(SHELF.specifications, join(root, 'shelf'), { recursive: true })
    await appendFile(join(root, 'shelf/product.yaml'), '\n]\n')
    const args = ['merge', '--template', 'mongodb-api', '--specifications', 'shelf', '--output', 'made', '--json']
    const { problems } = JSON.parse((await stage0(args, { folder: root })).out) as {
      problems: readonly { code: string; file: string }[]
    }
    expect(problems.filter(({ file }) => file === 'shelf/product.yaml')).toEqual([
      expect.objectContaining({ code: 'SPECIFICATION_NOT_PARSABLE', severity: 'error' }),
    ])
  })

  it('warns of what `specs check` has against specifications of mongodb-api, and of those of other templates not', async () => {
    const { root, template } = await folders()
    await cp(SHELF.specifications, join(root, 'shelf'), { recursive: true })
    await appendFile(join(root, 'shelf/catalog.yaml'), '  - name: Extra\n    unknown: 1\n')
    await writeFile(join(root, 'shelf/names.yaml'), '[a]')
    const merged = (of: string, output: string) =>
      stage0(['merge', '--template', of, '--specifications', 'shelf', '--output', output, '--json'], { folder: root })
    const { exit, out } = await merged('mongodb-api', 'made')
    const { problems } = JSON.parse(out) as { problems: readonly { severity: string; file: string; code: string }[] }
    expect([exit, problems]).toEqual([
      0,
      [
        expect.objectContaining({
          severity: 'warning',
          file: 'shelf/catalog.yaml',
          code: 'SPECIFICATION_MEMBER_UNKNOWN',
        }),
      ],
    ])
    expect(JSON.parse((await merged(template, 'other')).out)).toMatchObject({ ok: true, problems: [] })
  })

  it('lists with --dry-run what would be, and writes nothing', async () => {
    const { template, args, toOutput, root } = await folders()
    const before = await textsIn(root)
    const dry = await stage0([...toOutput, '--dry-run'], { folder: root })
    expect(dry.out).toBe(
      [
        'write   README.md  from README.md.template',
        'write   settings.env',
        'write   each/x.txt  from one.template',
        'write   each/y.txt  from one.template',
        'copy    src/plain.ts',
        '',
        'For product: 4 files generated, 1 copied. Nothing was written.',
        '',
      ].join('\n'),
    )
    const inPlace = await stage0([...args, '--dry-run', '--json'])
    expect(JSON.parse(inPlace.out)).toMatchObject({
      ok: true,
      exit_code: 0,
      output: template,
      in_place: true,
      dry_run: true,
      removed: ['README.md.template', 'one.template'],
      kept: ['src/plain.ts'],
      environment: ['SERVICE_NAME'],
    })
    expect(await textsIn(root)).toEqual(before)
  })

  it('tells problems with the place as it is seen from here, and changes nothing', async () => {
    const { root, template, specifications, toOutput } = await folders()
    await writeFiles(template, { 'settings.env': 'A\n{{ gone.x }}\n' })
    await writeFiles(specifications, { 'broken.yaml': 'a: [' })
    const broken = await stage0(toOutput, { folder: root })
    expect(broken).toMatchObject({ exit: 4, out: '' })
    expect(broken.err).toMatch(/^specifications\/broken\.yaml:\d+:\d+ {2}error {2}SPECIFICATION_NOT_PARSABLE\n/)
    await rm(join(specifications, 'broken.yaml'))
    const failed = await stage0([...toOutput, '--json'], { folder: root })
    expect(failed.exit).toBe(4)
    expect(JSON.parse(failed.out)).toMatchObject({
      ok: false,
      exit_code: 4,
      problems: [{ code: 'TEMPLATE_RENDER_FAILED', file: 'template/settings.env', line: 2 }],
    })
    expect(Object.keys(await textsIn(root)).some((path) => path.startsWith('product/'))).toBe(false)
  })

  it.each([
    ['without a name of the environment', {}, [], 64, 'MERGE_ENVIRONMENT_MISSING'],
    [
      'with a template that is not there',
      { SERVICE_NAME: 'x' },
      ['--template', '/no/such'],
      64,
      'TEMPLATE_FOLDER_UNUSABLE',
    ],
    [
      'with specifications that are not there',
      { SERVICE_NAME: 'x' },
      ['--specifications', '/no/such'],
      64,
      'SPECIFICATIONS_UNUSABLE',
    ],
    [
      'with an output that cannot be made',
      { SERVICE_NAME: 'x' },
      ['--output', '/no/such/folder'],
      64,
      'MERGE_OUTPUT_UNUSABLE',
    ],
    [
      'out of a template that came with the command, in its place',
      { SERVICE_NAME: 'x' },
      ['--template', 'mongodb-api'],
      64,
      'USAGE',
    ],
    ['again without a product', { SERVICE_NAME: 'x' }, ['--update'], 64, 'USAGE'],
    ['with a winner of nothing', { SERVICE_NAME: 'x' }, ['--keep-mine'], 64, 'USAGE'],
  ])('%s is refused', async (_what, environment, options, exit, code) => {
    const { args, template } = await folders()
    const before = await textsIn(template)
    const result = await stage0([...args, ...options], { environment })
    expect(result).toMatchObject({ exit, out: '' })
    expect(result.err).toContain(code)
    expect(await textsIn(template)).toEqual(before)
  })

  it('names a folder without a control file', async () => {
    const { args, specifications } = await folders()
    const result = await stage0([...args, '--template', specifications])
    expect([result.exit, result.err.includes('TEMPLATE_CONTROL_MISSING')]).toEqual([4, true])
  })

  it('asks on a terminal before the template itself becomes the product', async () => {
    const { template, args } = await folders()
    const before = await textsIn(template)
    const answers = (answer: string | undefined): Partial<Io> => ({
      interactive: true,
      ask: () => Promise.resolve(answer),
    })
    for (const answer of ['', 'n', undefined])
      expect((await stage0(args, answers(answer))).err).toContain('NOT_CONFIRMED')
    expect(await textsIn(template)).toEqual(before)
    expect(await stage0(args, answers('y'))).toMatchObject({ exit: 0, err: '' })
    expect(await textsIn(template)).toEqual(PRODUCT)
    expect((await stage0(args)).err).toContain('TEMPLATE_CONTROL_MISSING')
  })

  it('that is cancelled while it is planned writes nothing', async () => {
    const { output, toOutput } = await folders()
    const result = await stage0(toOutput, { signal: AbortSignal.abort() })
    expect([result.exit, result.err.includes('CANCELLED')]).toEqual([8, true])
    await expect(readFile(join(output, 'README.md'))).rejects.toThrow('ENOENT')
  })

  it('tells how far it is when there are many files', async () => {
    const { specifications, toOutput } = await folders()
    const names = Array.from({ length: 600 }, (_, at) => `n${at}`)
    await writeFiles(specifications, { 'names.yaml': JSON.stringify(names) })
    expect((await stage0(toOutput)).err).toBe('604 of 604 files\n')
  })
})

describe('stage0 merge --update', () => {
  async function product() {
    const made = await folders()
    await stage0(made.toOutput)
    return { ...made, again: [...made.toOutput, '--update'] }
  }

  it('replaces what is untouched, removes what is no longer made, and keeps what people changed or added', async () => {
    const { output, specifications, again } = await product()
    await writeFiles(specifications, { 'names.yaml': '[y, z]' })
    await appendFile(join(output, 'settings.env'), 'MINE=1\n')
    await writeFiles(output, { 'src/mine.ts': 'mine' })
    const result = await stage0(again)
    expect(result).toMatchObject({ exit: 0, err: '' })
    expect(result.out).toContain('1 file written, 1 removed, 1 kept as people made them, 3 the same.')
    expect(await textsIn(output)).toEqual({
      'README.md': '# Shop\n\nText.\n',
      'each/y.txt': 'This is y.\n',
      'each/z.txt': 'This is z.\n',
      'settings.env': 'TITLE=Shop\nMINE=1\n',
      'src/mine.ts': 'mine',
      'src/plain.ts': 'export const braces = "{{ stay }}"\n',
    })
    await writeFiles(specifications, { 'names.yaml': '[z]' })
    const next: unknown = JSON.parse((await stage0([...again, '--json'])).out)
    expect(next).toMatchObject({ written: [], copied: [], removed: ['each/y.txt'], update: { written: [] } })
  })

  it('lists what both changed, and writes nothing until somebody says who wins', async () => {
    const { root, output, template, specifications, again } = await product()
    await writeFiles(output, { 'README.md': 'mine', 'each/x.txt': 'mine', 'each/new.txt': 'mine' })
    await rm(join(output, 'settings.env'))
    await writeFiles(specifications, { 'title.yaml': 'Other', 'names.yaml': '[y, new]' })
    const before = await textsIn(output)
    const refused = await stage0(again, { folder: root })
    expect([refused.exit, refused.out]).toEqual([6, ''])
    expect(refused.err.split('\n').filter((line) => line.includes('MERGE_CONFLICT'))).toEqual(
      ['README.md', 'each/new.txt', 'each/x.txt', 'settings.env'].map(
        (path) => `product/${path}  error  MERGE_CONFLICT`,
      ),
    )
    expect(await textsIn(output)).toEqual(before)
    expect((await stage0([...again, '--keep-mine'])).exit).toBe(0)
    expect(await textsIn(output)).toEqual(before)
    // What was decided stays decided, until the template changes these files again.
    expect((await stage0(again)).out).toContain('0 files written')
    await writeFiles(template, { 'settings.env': 'NEW={{ specifications.title }}\n' })
    expect((await stage0(again)).exit).toBe(6)
    expect((await stage0([...again, '--take-theirs'])).exit).toBe(0)
    expect((await textsIn(output))['settings.env']).toBe('NEW=Other')
  })

  it('needs a product that tells how it was made', async () => {
    const { output, again } = await product()
    await rm(join(output, '.stage0_merge.json'))
    expect((await stage0(again)).err).toContain('MERGE_PROVENANCE_INVALID')
  })

  it.each([
    ['no JSON', '{'],
    ['another format', '{"format": 2, "files": {}}'],
    ['a path that leads out', '{"format": 1, "files": {"./../victim": "sha256:0"}}'],
    ['a path of git', '{"format": 1, "files": {"./.git/hooks/x": "sha256:0"}}'],
  ])('refuses what says of itself that it is %s', async (_what, text) => {
    const { output, again } = await product()
    await writeFile(join(output, '.stage0_merge.json'), text)
    const result = await stage0(again)
    expect([result.exit, result.err.includes('MERGE_PROVENANCE_INVALID')]).toEqual([4, true])
  })

  it('does not write through a link that took the place of a folder', async () => {
    const { root, output, specifications, again } = await product()
    await rm(join(output, 'each'), { recursive: true })
    await mkdir(join(root, 'outside'))
    await symlink(join(root, 'outside'), join(output, 'each'))
    await writeFiles(specifications, { 'names.yaml': '[x, y, z]' })
    const result = await stage0([...again, '--take-theirs'])
    expect([result.exit, result.err.includes('MERGE_OUTPUT_OUTSIDE')]).toEqual([6, true])
    expect(await textsIn(join(root, 'outside'))).toEqual({})
  })
})

describe('stage0 template', () => {
  it('tests a template with its own sample and environment, and takes what it makes', async () => {
    const { root, template } = await folders()
    const here = { folder: root, environment: {} }
    const first = await stage0(['template', 'test', 'template'], here)
    expect(first.exit).toBe(1)
    expect(first.out).toContain(
      'README.md is made, and not expected\n--- nothing\n+++ made/README.md\n@@ -0,0 +1,3 @@\n',
    )
    expect(first.err).toContain('TEMPLATE_TEST_DIFFERS')
    expect((await stage0(['template', 'take', 'template', '--all'], here)).out).toBe(
      '5 files taken, 0 removed from what is expected.\n',
    )
    expect(await stage0(['template', 'test', 'template'], here)).toEqual({
      exit: 0,
      out: '5 files are made, all as expected.\n',
      err: '',
    })
    await writeFiles(template, { 'README.md.template': '# {{ specifications.title }}\n\nOther.\n' })
    expect((await stage0(['template', 'diff', 'template', './README.md'], here)).out).toBe(
      'README.md is not as expected\n--- expected/README.md\n+++ made/README.md\n@@ -1,3 +1,3 @@\n # Sample\n \n-Text.\n+Other.\n\\ No newline at end of file\n\n',
    )
    expect((await stage0(['template', 'test', 'template'], here)).err).toContain(
      '1 file is not as expected; 5 were made.',
    )
    expect((await stage0(['template', 'take', 'template', 'README.md'], here)).out).toBe(
      '1 file taken, 0 removed from what is expected.\n',
    )
    expect((await stage0(['template', 'test', 'template', '--json'], here)).exit).toBe(0)
  })

  it('warns of an output whose name lacks a part, whatever is done with the template', async () => {
    const { root, template } = await folders()
    const here = { folder: root, environment: {} }
    await writeFiles(template, {
      '.stage0_template/process.yaml':
        'templates: [{ path: README.md.template, merge: true, output: "x{{ specifications.gone }}" }]',
    })
    const warning = 'The output "x" of README.md.template lacks a part, since `specifications.gone` is undefined.'
    for (const asked of [
      ['take', 'template', '--all'],
      ['test', 'template'],
      ['diff', 'template', 'x'],
    ]) {
      const { exit, err } = await stage0(['template', ...asked], here)
      expect([exit, err]).toEqual([0, expect.stringContaining(warning)])
      const { out, err: silent } = await stage0(['template', ...asked, '--json'], here)
      const { problems } = JSON.parse(out) as { problems: readonly object[] }
      expect([silent, problems]).toEqual(['', [expect.objectContaining({ severity: 'warning', text: warning })]])
    }
  })

  it('speaks of one file as of one', async () => {
    const { root, template } = await folders()
    const here = { folder: root, environment: {} }
    const files = ['src/plain.ts', 'settings.env', 'one.template'].map((path) => rm(join(template, path)))
    await Promise.all(files)
    await writeFiles(template, {
      '.stage0_template/process.yaml': 'templates: [{ path: README.md.template, merge: true, output: README.md }]',
      '.stage0_template/test_expected/README.md': 'other',
    })
    expect((await stage0(['template', 'test', 'template'], here)).err).toContain(
      '1 file is not as expected; 1 was made.',
    )
    expect((await stage0(['template', 'take', 'template', '--all'], here)).out).toContain('1 file taken')
    expect((await stage0(['template', 'test', 'template'], here)).out).toBe('1 file is made, as expected.\n')
  })

  it('asks before it removes what is expected', async () => {
    const { root, template } = await folders()
    const here = { folder: root }
    const expected = '.stage0_template/test_expected/old.txt'
    await writeFiles(template, { [expected]: 'x', '.stage0_template/test_expected/dist/x': 'is ignored' })
    const refused = await stage0(['template', 'take', 'template', '--all'], here)
    expect([refused.exit, refused.err.includes('CONFIRMATION_NEEDED')]).toEqual([6, true])
    const denied = { ...here, interactive: true, ask: () => Promise.resolve('n') }
    expect((await stage0(['template', 'take', 'template', '--all'], denied)).exit).toBe(6)
    expect(await readFile(join(template, expected), 'utf8')).toBe('x')
    await stage0(['template', 'take', 'template', '--all', '--yes'], here)
    expect((await stage0(['template', 'test', 'template'], here)).exit).toBe(0)
  })

  it.each([
    [['take', 'template'], 'USAGE'],
    [['diff', 'template'], 'USAGE'],
    [['diff', 'template', 'gone.txt'], 'USAGE'],
    [['test', 'template', 'README.md'], 'USAGE'],
    [['test', 'template', '--env', 'x'], 'USAGE'],
    [['test', 'specifications'], 'TEMPLATE_SAMPLE_MISSING'],
    [['test', 'nowhere'], 'TEMPLATE_FOLDER_UNUSABLE'],
  ])('%j is refused', async (args, code) => {
    const { root } = await folders()
    const result = await stage0(['template', ...args], { folder: root })
    expect([result.exit === 0, result.out]).toEqual([false, ''])
    expect(result.err).toContain(code)
  })

  it.each(['s3cr3t', '=s3cr3t'])('does not repeat what was given as --env %s', async (given) => {
    const { root } = await folders()
    const { exit, err } = await stage0(['template', 'test', 'template', '--env', given], { folder: root })
    expect([exit, err]).toEqual([64, expect.stringContaining('USAGE')])
    expect(err).not.toContain('s3cr3t')
  })

  it('takes names of the environment from the options before those of the template', async () => {
    const { root, template } = await folders()
    await writeFiles(template, {
      '.stage0_template/process.yaml':
        'environment: { WHICH: x }\ntemplates: [{ path: settings.env, merge: true, output: "{{ WHICH }}.env" }]',
      '.stage0_template/test_environment.yaml': 'WHICH: sample',
    })
    const paths = async (...options: readonly string[]) => {
      const { out } = await stage0(['template', 'test', 'template', '--json', ...options], {
        folder: root,
        environment: { WHICH: 'surrounding' },
      })
      return (JSON.parse(out) as { differences: { path: string }[] }).differences.map(({ path }) => path)
    }
    expect(await paths()).toContain('sample.env')
    expect(await paths('--env', 'WHICH=given')).toContain('given.env')
    await writeFiles(template, { '.stage0_template/test_environment.yaml': 'WHICH: 5' })
    const wrong = await stage0(['template', 'test', 'template'], { folder: root })
    expect(wrong.err).toContain('test_environment.yaml:1:8  error  TEMPLATE_CONTROL_INVALID')
  })
})
