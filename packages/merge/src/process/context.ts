import { fail, ok, type Problem, type Result } from '../problem.ts'
import { DateValue, Mapping, TimeValue, type Value } from '../value.ts'
import { textOf } from '../values/text.ts'
import type { Directive, Written } from './control/control.ts'
import { lookup, type Names } from './lookup.ts'
import { SPECIFICATIONS } from './names.ts'
import { compileWritten, type Rendered } from './render.ts'
import { kindOf, listed, spelled } from './words.ts'

const VALUES_SHOWN = 5

export interface Context {
  /** `specifications`, and what the directives found. */
  readonly names: Names
  /** Keys without a value, because of a problem: what needs them is not told again. */
  readonly failed: ReadonlySet<string>
  readonly problems: readonly Problem[]
}

/**
 * Follows the directives one by one: each may start from what those before it found.
 *
 * @param environment Values of the declared names; paths and filters see nothing else.
 */
export function buildContext(directives: readonly Directive[], specifications: Value, environment: Names): Context {
  const names = new Map<string, Value>([[SPECIFICATIONS, specifications]])
  const failed = new Set<string>()
  const problems: Problem[] = []
  const inChains = new Set<string>()
  for (const [at, directive] of directives.entries()) {
    const path = rendered(directive, directive.path, 'path', environment)
    const key = directive.key.text
    const first = path.ok ? firstStep(path.value) : undefined
    if (first !== undefined && failed.has(first) && !names.has(first)) {
      failed.add(key)
      continue
    }
    const found = path.ok ? follow(directive, path.value, names, environment) : path
    if (found.ok) {
      names.set(key, found.value)
      failed.delete(key)
      continue
    }
    const chain = first !== undefined && !names.has(first) ? chainOf(directives, at, names, environment) : undefined
    if (chain === undefined) problems.push(...found.problems)
    else if (!inChains.has(key)) problems.push(outOfOrder(directive, chain))
    for (const other of chain?.keys ?? []) inChains.add(other)
    names.delete(key)
    failed.add(key)
  }
  return { names, failed, problems }
}

const firstStep = ({ text }: Rendered): string => text.split('.', 1)[0] ?? ''

function rendered(directive: Directive, written: Written, part: string, environment: Names): Result<Rendered> {
  const template = compileWritten(written, `the ${part} of context "${directive.key.text}"`)
  return template.ok ? template.value.render(environment, environment) : template
}

function follow(directive: Directive, path: Rendered, names: Names, environment: Names): Result<Value> {
  const found = lookup(names, path.text, path.isPrivate)
  if (!found.ok) return missing(directive, `the path "${path.shown}" leads nowhere: ${found.missed.message}`)
  return directive.type === 'path' ? ok(found.value) : select(directive, path, found.value, environment)
}

function missing(directive: Directive, why: string, hint?: string): Result<never> {
  return fail({
    code: 'MERGE_CONTEXT_NOT_FOUND',
    message: `Context "${directive.key.text}": ${why}.`,
    ...(hint === undefined ? {} : { hint }),
    at: directive.path.at,
  })
}

/** The first mapping of a list that has exactly this text as a property. A number never equals a text. */
function select(
  directive: Extract<Directive, { type: 'selector' }>,
  path: Rendered,
  value: Value,
  environment: Names,
): Result<Value> {
  const property = rendered(directive, directive.filter.property, 'filter', environment)
  const wanted = rendered(directive, directive.filter.value, 'filter', environment)
  if (!property.ok || !wanted.ok)
    return fail(...(property.ok ? [] : property.problems), ...(wanted.ok ? [] : wanted.problems))
  if (!Array.isArray(value))
    return missing(directive, `"${path.shown}" is ${kindOf(value)}, and a selector needs a list`)
  const mappings = value.filter((item): item is Mapping => item instanceof Mapping)
  const found = mappings.find((item) => item.get(property.value.text) === wanted.value.text)
  if (found !== undefined) return ok(found)
  return noMatch(directive, path, mappings, property.value, wanted.value)
}

function noMatch(
  directive: Directive,
  path: Rendered,
  mappings: readonly Mapping[],
  property: Rendered,
  wanted: Rendered,
): Result<never> {
  const what = wanted.isPrivate ? `what "${wanted.shown}" gives` : `"${wanted.shown}"`
  const none = `no item of "${path.shown}" has ${what} as its ${property.shown}`
  const values = mappings.flatMap((item) => (item.has(property.text) ? [item.get(property.text) ?? null] : []))
  if (values.length === 0) return missing(directive, `${none}; ${keysOf(mappings, property.shown)}`)
  const why = `${none}; there are: ${listed(values.map(shownValue), 'none', VALUES_SHOWN)}`
  if (values.every((value) => typeof value === 'string')) return missing(directive, why)
  const quoted = wanted.isPrivate ? '' : `: ${property.shown}: "${wanted.shown}"`
  return missing(
    directive,
    `${why}. A filter compares texts only`,
    `Where the value is meant as a text, put it in quotes in the specifications${quoted}.`,
  )
}

/** As it was read; what is no text tells what it is. */
function shownValue(value: Value): string {
  if (typeof value === 'string') return value
  if (value === null) return 'nothing'
  if (typeof value === 'boolean') return `${value} (${kindOf(value)})`
  return typeof value === 'object' && !isDay(value) ? kindOf(value) : `${textOf(value)} (${kindOf(value)})`
}

const isDay = (value: object): boolean => value instanceof DateValue || value instanceof TimeValue

/** YAML 1.1 reads more words than true and false as such, and so a key that looks like the property may be none. */
function keysOf(mappings: readonly Mapping[], property: string): string {
  const keys = mappings.flatMap((item) => item.keys())
  const there = `none of them has such a key; there are: ${listed([...new Set(keys.map(spelled))], 'none', VALUES_SHOWN)}`
  return keys.every((key) => typeof key === 'string')
    ? there
    : `${there}. A key that YAML does not read as a text, such as on or 1, is found only with quotes around it: "${property}"`
}

/** Directives that need each other, from the first one on. */
interface Chain {
  readonly keys: readonly string[]
  /** The same for messages, up to where a value of the environment tells what is needed. */
  readonly shown: readonly string[]
}

/** From a directive over the later ones that it needs; `undefined` where it needs something else. */
function chainOf(directives: readonly Directive[], at: number, names: Names, environment: Names): Chain | undefined {
  const keys: string[] = []
  const shown: string[] = []
  let isPrivate = false
  const seen = new Set<number>()
  let next: number = at
  for (;;) {
    const directive = directives[next]
    if (directive === undefined) return undefined
    keys.push(directive.key.text)
    if (!isPrivate) shown.push(`"${directive.key.text}"`)
    if (seen.has(next)) return { keys, shown }
    seen.add(next)
    const path = rendered(directive, directive.path, 'path', environment)
    const first = path.ok ? firstStep(path.value) : ''
    if (!isPrivate && path.ok && path.value.isPrivate) {
      isPrivate = true
      shown.push(`what the path "${path.value.shown}" gives`)
    }
    next = directives.findIndex(({ key }, index) => index >= at && key.text === first)
    if (names.has(first) || next < 0) return keys.length > 1 ? { keys, shown } : undefined
  }
}

function outOfOrder(directive: Directive, { keys, shown }: Chain): Problem {
  const isCircle = keys.indexOf(keys.at(-1) ?? '') < keys.length - 1
  const told = shown.join(' needs ')
  return {
    code: 'MERGE_CONTEXT_CYCLIC',
    message: isCircle
      ? `Context "${directive.key.text}" can never get a value: ${told}.`
      : `Context "${directive.key.text}" needs a key that comes later: ${told}.`,
    hint: isCircle ? 'Let one of them start from specifications.' : 'Put what it needs before it.',
    at: directive.path.at,
  }
}
