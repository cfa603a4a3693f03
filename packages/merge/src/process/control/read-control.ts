import { fail, ok, type Result } from '../../problem.ts'
import { readYaml } from '../../values/read-yaml.ts'
import { CONTROL_FILE } from '../names.ts'
import { spelled } from '../words.ts'
import type { Control, Declared, Directive, Written } from './control.ts'
import { readEntry } from './entry.ts'
import { Reader, type Path, type Shaped } from './shape.ts'

const DECORATION = ['$schema', '$id', 'title', 'version']
const TOP = ['environment', 'context', 'requires', 'templates']

/**
 * The control file of a template, in exactly the shapes that it may have.
 *
 * @returns All problems at once: `TEMPLATE_CONTROL_NOT_PARSABLE`, or `TEMPLATE_CONTROL_INVALID` with line and column.
 */
export function readControl(text: string): Result<Control> {
  const document = readYaml(text, CONTROL_FILE, 'TEMPLATE_CONTROL_NOT_PARSABLE')
  if (!document.ok) return document
  const reader = new Reader(document.value)
  const { value, repeatedKeys } = document.value
  for (const { key, at, first } of repeatedKeys)
    reader.reportAt(at, `The key "${spelled(key)}" is there twice, before in line ${first.line ?? 0}.`)
  if (value === null) {
    reader.report([], 'The control file is empty.', {
      hint: 'It has the keys environment, context, requires, templates.',
    })
    return fail(...reader.problems)
  }
  const top = reader.mapping(value, [], 'The control file', [...TOP, ...DECORATION])
  if (top === undefined) return fail(...reader.problems)
  const control = {
    environment: environmentOf(reader, top),
    context: reader.list(top, 'context').flatMap(([item, path]) => directiveOf(reader, item, path) ?? []),
    requires: reader.list(top, 'requires').flatMap(([item, path]) => reader.text(item, path, 'A requirement') ?? []),
    templates: reader.list(top, 'templates').flatMap(([item, path]) => readEntry(reader, item, path) ?? []),
  }
  return reader.problems.length > 0 ? fail(...reader.problems) : ok(control)
}

const environmentOf = (reader: Reader, top: Shaped): readonly Declared[] =>
  reader.pairs(top, 'environment').map(([name, description]) => ({
    name,
    description: typeof description === 'string' ? description : undefined,
  }))

function directiveOf(reader: Reader, value: Parameters<Reader['text']>[0], path: Path): Directive | undefined {
  const shaped = reader.mapping(value, path, 'A directive of context', ['key', 'type', 'path', 'filter'])
  if (shaped === undefined) return undefined
  const texts = (of: Shaped, key: string): Written | undefined =>
    reader.text(of.get(key), [...of.path, key], `"${key}" of a directive`)
  const [key, type, from] = [texts(shaped, 'key'), texts(shaped, 'type'), texts(shaped, 'path')]
  if (type === undefined) return undefined
  if (type.text === 'path') {
    if (shaped.has('filter'))
      reader.report([...path, 'filter'], 'A directive of type path has no filter.', { of: 'key' })
    return key && from && { type: 'path', key, path: from }
  }
  if (type.text === 'selector') {
    const filter = filterOf(reader, shaped, texts)
    return key && from && filter && { type: 'selector', key, path: from, filter }
  }
  reader.report([...path, 'type'], `There is no type "${type.text}" of a directive.`, {
    hint: 'There are: path, selector.',
  })
  return undefined
}

function filterOf(
  reader: Reader,
  shaped: Shaped,
  texts: (of: Shaped, key: string) => Written | undefined,
): { readonly property: Written; readonly value: Written } | undefined {
  const at = [...shaped.path, 'filter']
  if (!shaped.has('filter')) {
    reader.report(shaped.path, 'A directive of type selector needs a filter.', {
      hint: 'Such as filter: { property: name, value: "{{ SERVICE_NAME }}" }.',
    })
    return undefined
  }
  const filter = reader.mapping(shaped.get('filter'), at, 'The filter of a directive', ['property', 'value'])
  if (filter === undefined) return undefined
  const [property, value] = [texts(filter, 'property'), texts(filter, 'value')]
  return property && value && { property, value }
}
