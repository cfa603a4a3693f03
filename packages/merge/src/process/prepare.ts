import { compile, type Template } from '../language/compile.ts'
import { fail, ok, type Problem, type Result } from '../problem.ts'
import type { Entry } from './control/control.ts'
import { insidePath } from './output-path.ts'
import { compileWritten, type WrittenTemplate } from './render.ts'
import { decode, type TemplateTree } from './tree.ts'

/** An entry whose file is there and was understood. */
export interface Prepared {
  readonly entry: Entry
  /** Of its file, without `./`. */
  readonly path: string
  readonly isExecutable: boolean
  readonly body: Template
  /** `undefined` where the file is rewritten in place. */
  readonly output: WrittenTemplate | undefined
}

/** Reads and compiles the files of all entries, and the names of their outputs. */
export function prepareEntries(
  entries: readonly Entry[],
  tree: TemplateTree,
): { readonly prepared: readonly Prepared[]; readonly problems: readonly Problem[] } {
  const prepared: Prepared[] = []
  const problems: Problem[] = []
  const seen = new Map<string, Entry>()
  for (const entry of entries) {
    const result = prepare(entry, tree)
    if (!result.ok) {
      problems.push(...result.problems)
      continue
    }
    const { path } = result.value
    const former = seen.get(path)
    if (former !== undefined) problems.push(listedTwice(entry, former))
    seen.set(path, entry)
    prepared.push(result.value)
  }
  return { prepared, problems }
}

function prepare(entry: Entry, tree: TemplateTree): Result<Prepared> {
  const { at, text } = entry.path
  const inside = insidePath(text)
  if (inside.kind === 'refused')
    return fail({
      code: 'TEMPLATE_CONTROL_INVALID',
      message: `The template path "${text}" cannot be used: ${inside.why}.`,
      at,
    })
  const { path } = inside
  const there = tree.entries.get(path)
  const problem = (message: string): Problem => ({ code: 'TEMPLATE_FILE_MISSING', message, at })
  if (there === undefined) return fail(problem(`The template has no file ${path}.`))
  if (there.kind === 'folder') return fail(problem(`${path} is a folder, and only files can be merged.`))
  if (there.kind === 'other') return fail(problem(`${path} is a device or a pipe, and only files can be merged.`))
  if (there.kind === 'link') return fail(problem(`${path} is a symbolic link, and only files can be merged.`))
  const body = compileFile(path, tree)
  const output =
    entry.mode.kind === 'inPlace' ? ok(undefined) : compileWritten(entry.mode.output, `the output of ${path}`)
  if (!body.ok || !output.ok) return fail(...(body.ok ? [] : body.problems), ...(output.ok ? [] : output.problems))
  return ok({ entry, path, isExecutable: there.isExecutable, body: body.value, output: output.value })
}

function compileFile(path: string, tree: TemplateTree): Result<Template> {
  const bytes = tree.read(path)
  if (!bytes.ok) return bytes
  const text = decode(bytes.value)
  if (text !== undefined) return compile(text, path)
  return fail({
    code: 'TEMPLATE_NOT_PARSABLE',
    message: `${path} is not UTF-8, so that it cannot be a template.`,
    hint: 'Save it as UTF-8, or take it out of the control file: what is not listed there is copied as it is.',
    at: { file: path },
  })
}

const listedTwice = ({ path }: Entry, former: Entry): Problem => ({
  code: 'TEMPLATE_CONTROL_INVALID',
  message: `${path.text} is listed twice, before in line ${former.path.at.line ?? 0}.`,
  hint: 'One file has one mode. Copy the file for another one.',
  at: path.at,
})
