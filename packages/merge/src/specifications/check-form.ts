import { Mapping, type Key, type Value } from '../value.ts'
import { described, type Path, type SpecificationDocument } from './document.ts'
import { shown, type Finding } from './finding.ts'
import { PATTERNS, type Form, type IntegerForm, type MappingForm, type TextForm } from './form.ts'
import { suggest } from '../suggest.ts'

/** What of a document is not as its form says, in the order of the document. */
export function checkForm(document: SpecificationDocument, form: Form): readonly Finding[] {
  const findings: Finding[] = []
  check({ document, findings }, form, document.value, [])
  return findings
}

interface Checking {
  readonly document: SpecificationDocument
  readonly findings: Finding[]
}

function check(checking: Checking, form: Form, value: Value, path: Path): void {
  switch (form.type) {
    case 'object':
      if (value instanceof Mapping) checkMembers(checking, form, value, path)
      else refuse(checking, form, value, path)
      break
    case 'array':
      if (Array.isArray(value))
        value.forEach((item: Value, index) => check(checking, form.items, item, [...path, index]))
      else refuse(checking, form, value, path)
      break
    case 'string':
      if (typeof value !== 'string' || !isTaken(form, value)) refuse(checking, form, value, path)
      break
    case 'integer':
      checkInteger(checking, form, value, path)
      break
    case 'boolean':
      if (typeof value !== 'boolean') refuse(checking, form, value, path)
  }
}

function checkMembers(checking: Checking, form: MappingForm, value: Mapping, path: Path): void {
  const { document, findings } = checking
  for (const [key, member] of value.entries()) {
    const known = typeof key === 'string' && Object.hasOwn(form.properties, key) ? form.properties[key] : undefined
    if (typeof key === 'string' && known !== undefined) check(checking, known, member, [...path, key])
    else findings.push(unknownMember(document, form, value, key, path))
  }
  for (const name of form.required ?? [])
    if (!value.has(name))
      findings.push({
        code: 'SPECIFICATION_MEMBER_MISSING',
        severity: 'error',
        text: `${subject(path)} has no \`${name}\`${nameOf(value)}.`,
        at: path.length === 0 ? { file: document.file } : document.place(path, 'key'),
      })
}

function unknownMember(
  document: SpecificationDocument,
  form: MappingForm,
  owner: Mapping,
  key: Key,
  path: Path,
): Finding {
  const known = Object.keys(form.properties).filter((one) => path.length > 0 || form.required?.includes(one))
  const free = known.filter((one) => !owner.has(one))
  const meant = typeof key === 'string' ? suggest(key, free) : undefined
  const name =
    typeof key === 'string' ? `the member ${shown(key)}` : `a key that YAML reads as ${described(key, undefined)}`
  return {
    code: 'SPECIFICATION_MEMBER_UNKNOWN',
    severity: 'error',
    text: `${subject(path)} has ${name}, which it may not have${nameOf(owner)}.`,
    hint: meant === undefined ? `It may have: ${known.join(', ')}.` : `Did you mean "${meant}"?`,
    at: document.place([...path, key], 'key'),
  }
}

function checkInteger(checking: Checking, form: IntegerForm, value: Value, path: Path): void {
  const { document, findings } = checking
  const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
  if (!isWhole || value < form.minimum || value > form.maximum) return refuse(checking, form, value, path)
  const written = document.written(path, value)?.replace(/^\+/, '')
  const plain = String(value)
  if (typeof value === 'bigint' && (written === undefined || written === plain)) return
  findings.push({
    code: 'SPECIFICATION_NUMBER_NOTATION',
    // With decimals it is not the number that is meant: a template prints the decimals.
    severity: typeof value === 'bigint' ? 'warning' : 'error',
    text: `${subject(path)} is ${described(value, written)}.`,
    hint: `Write ${plain}.`,
    at: document.place(path),
  })
}

function isTaken(form: TextForm, text: string): boolean {
  if (form.const !== undefined && text !== form.const) return false
  if (form.enum !== undefined && !form.enum.includes(text)) return false
  if (form.maxLength !== undefined && [...text].length > form.maxLength) return false
  return form.pattern === undefined || new RegExp(form.pattern, 'u').test(text)
}

function refuse({ document, findings }: Checking, form: Form, value: Value, path: Path): void {
  const written = document.written(path, value)
  const isAbsent = value === null && written === undefined
  const hint = remedy(form, value, written)
  findings.push({
    code: 'SPECIFICATION_VALUE_INVALID',
    severity: 'error',
    text: isAbsent
      ? `${subject(path)} has no value; it should be ${wanted(form)}.`
      : `${subject(path)} should be ${wanted(form)}; it is ${described(value, written)}.`,
    ...(hint === undefined ? {} : { hint }),
    at: path.length === 0 ? { file: document.file } : document.place(path, isAbsent ? 'key' : 'value'),
  })
}

/** What to do about it, where that can be said better than for all of them at once. */
function remedy(form: Form, value: Value, written: string | undefined): string | undefined {
  if (value === null && written === undefined)
    return ABSENT[form.type] ?? 'Write one, or remove the line where none is meant.'
  if (form.type === 'string' && form.const !== undefined) return `Write ${form.const}.`
  if (form.type === 'string' && typeof value === 'string') {
    const meant = suggest(value, form.enum ?? [])
    return meant === undefined ? OF_THE_FORM : `Did you mean "${meant}"?`
  }
  if (form.type === 'string' && written !== undefined)
    return `Write it in quotes where it is meant as a text: "${written}".`
  if (form.type !== 'integer') return undefined
  if (typeof value === 'bigint') return OF_THE_FORM
  return typeof value === 'string' && /^[0-9]+$/.test(value) ? 'Write it without quotes.' : 'Write digits alone.'
}

const OF_THE_FORM = 'Write one of this form.'
const ABSENT: Readonly<Partial<Record<Form['type'], string>>> = {
  array: 'Write [] for an empty list.',
  object: 'Write its members.',
}

/** What is asked for, in words that go on from "should be ...". */
function wanted(form: Form): string {
  switch (form.type) {
    case 'object':
      return `a mapping with ${(form.required ?? Object.keys(form.properties)).join(', ')}`
    case 'array':
      return 'a list'
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `a whole number from ${form.minimum} to ${form.maximum}`
    case 'string':
      if (form.const !== undefined) return form.const
      if (form.enum !== undefined) return `one of ${form.enum.join(', ')}`
      if (form.maxLength !== undefined) return `a text of at most ${form.maxLength} characters`
      return PATTERNS[form.pattern ?? ''] ?? 'a text'
  }
}

/** What a sentence is about: "`slug`", "An entry of `controls`", "The document". */
function subject(path: Path): string {
  const last = path.at(-1)
  if (last === undefined) return 'The document'
  return typeof last === 'string'
    ? `\`${last}\``
    : `An entry of \`${path.findLast((step) => typeof step === 'string')}\``
}

/** " (mentee_api)" behind an entry that has a name. */
function nameOf(value: Mapping): string {
  const name = value.get('name')
  return typeof name === 'string' ? ` (${shown(name).slice(1, -1)})` : ''
}
