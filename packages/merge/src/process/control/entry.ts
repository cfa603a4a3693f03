import { isTrue } from '../../language/operations/members.ts'
import type { Value } from '../../value.ts'
import { kindOf, listed } from '../words.ts'
import type { Entry, Mode, Written } from './control.ts'
import type { Path, Reader, Shaped } from './shape.ts'

const MODES = ['merge', 'mergeFor', 'mergeFrom'] as const
type ModeKey = (typeof MODES)[number]

/** An entry of `templates`: a path, and exactly one mode that is neither false nor empty, with what belongs to it. */
export function readEntry(reader: Reader, value: Value, path: Path): Entry | undefined {
  const before = reader.problems.length
  const shaped = reader.mapping(value, path, 'An entry of templates', ['path', 'output', ...MODES], whyUnknown)
  if (shaped === undefined) return undefined
  // A key that is unknown may be the mode that was meant.
  const mode = modeOf(reader, shaped, reader.problems.length === before)
  const file = reader.text(shaped.get('path'), [...path, 'path'], '"path" of an entry')
  return file && mode && { path: file, mode }
}

function modeOf(reader: Reader, shaped: Shaped, tellsNone: boolean): Mode | undefined {
  const given = MODES.filter((key) => shaped.has(key))
  // A mode that is false or empty is switched off, where there is another one.
  const meant = given.filter((key) => isTrue(shaped.get(key) ?? null))
  if (meant.length > 1) {
    // The first implementation takes the first of these.
    const hint = `Keep one of them. Of several, earlier engines took the first in the order ${listed(MODES)}.`
    reader.report(shaped.path, `The entry has ${meant.length} modes: ${listed(meant)}.`, { hint })
    return undefined
  }
  const [key] = meant.length === 0 && given.length === 1 ? given : meant
  if (key !== undefined) return key === 'merge' ? mergeOf(reader, shaped) : expandOf(reader, shaped, key)
  const why = given.length === 0 ? '' : ` (${listed(given)} are false or empty)`
  if (tellsNone)
    reader.report(
      shaped.path,
      `The entry has none of the modes ${listed(MODES)}${why}, so that nothing would happen to the file.`,
    )
  return undefined
}

function mergeOf(reader: Reader, shaped: Shaped): Mode | undefined {
  const value = shaped.get('merge') ?? null
  if (value !== true) {
    reader.report(
      [...shaped.path, 'merge'],
      `"merge" is ${value === false ? 'false' : kindOf(value)}, and can only be true.`,
      {
        hint: 'Leave the entry out if nothing is to be merged.',
      },
    )
    return undefined
  }
  if (!shaped.has('output')) return { kind: 'inPlace' }
  const output = reader.text(shaped.get('output'), [...shaped.path, 'output'], '"output" of an entry')
  return output && { kind: 'output', output }
}

function expandOf(reader: Reader, shaped: Shaped, kind: Exclude<ModeKey, 'merge'>): Mode | undefined {
  if (shaped.has('output'))
    reader.report([...shaped.path, 'output'], `An entry with ${kind} has its output inside of ${kind}.`, { of: 'key' })
  const within = [...shaped.path, kind]
  const expand = reader.mapping(shaped.get(kind), within, `"${kind}" of an entry`, ['items', 'output'])
  if (expand === undefined) return undefined
  const text = (key: string): Written | undefined =>
    reader.text(expand.get(key), [...within, key], `"${key}" of ${kind}`)
  const [items, output] = [text('items'), text('output')]
  return items && output && { kind, items, output }
}

/** What people write who mean one of the modes. */
function whyUnknown(key: string): string | undefined {
  const meant = MODES.find((mode) => mode.toLowerCase() === key.toLowerCase().replaceAll(/[_-]/g, ''))
  return meant === undefined ? undefined : `Did you mean "${meant}"?`
}
