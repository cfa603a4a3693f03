import { isPlainFileName } from '@stage0/core'
import { err, ok, type Result } from '@stage0/types'
import type { SettingDefinition } from './definitions.ts'

const TRUE = new Set(['true', '1', 'yes', 'on'])
const FALSE = new Set(['false', '0', 'no', 'off'])
/** What MongoDB forbids in the name of a database, on any system it runs on. */
const NOT_IN_DATABASE_NAME = /[/\\. "$*<>:|?\0]/
const MAX_DATABASE_NAME_BYTES = 63

/** The value that a text stands for, or what it should have been, as the end of a sentence. */
export function parseValue(definition: SettingDefinition, text: string): Result<string | number | boolean, string> {
  switch (definition.kind) {
    case 'text':
      return ok(text)
    case 'name':
      return isPlainFileName(text) ? ok(text) : err('a plain name, without a path')
    case 'database':
      return isDatabaseName(text)
        ? ok(text)
        : err('the name of a database: at most 63 bytes, none of / \\ . " $ * < > : | ? or blank')
    case 'uri':
      return /^mongodb(?:\+srv)?:\/\/[^/\s]/.test(text)
        ? ok(text)
        : err('a connection string that begins with mongodb:// or mongodb+srv://')
    case 'address':
      return parseAddress(text)
    case 'choice': {
      const choice = definition.choices.find((candidate) => candidate.toLowerCase() === text.toLowerCase())
      return choice === undefined ? err(`one of ${definition.choices.join(', ')}`) : ok(choice)
    }
    case 'integer':
      return parseInteger(definition.min, definition.max, text)
    case 'boolean': {
      const word = text.toLowerCase()
      return TRUE.has(word) ? ok(true) : FALSE.has(word) ? ok(false) : err('one of true, false, 1, 0, yes, no, on, off')
    }
  }
}

function parseAddress(text: string): Result<string, string> {
  const wanted = err('an address like http://127.0.0.1:8081: http or https, a host, perhaps a port')
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return wanted
  const { origin, href } = new URL(text)
  return href === `${origin}/` ? ok(origin) : wanted
}

function parseInteger(min: number, max: number, text: string): Result<number, string> {
  const value = Number(text)
  return /^[-+]?[0-9]+$/.test(text) && value >= min && value <= max
    ? ok(value)
    : err(`a whole number from ${min} to ${max}`)
}

const isDatabaseName = (text: string): boolean =>
  !NOT_IN_DATABASE_NAME.test(text) && new TextEncoder().encode(text).length <= MAX_DATABASE_NAME_BYTES
