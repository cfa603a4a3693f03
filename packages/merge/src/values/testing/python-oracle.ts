import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { DateValue, Mapping, TimeValue, Tuple, type Key, type Value } from '../../value.ts'
import { floatText } from '../number-text.ts'

/** A value with its kinds as JSON; `["r", n]` is the n-th object that came before. */
export type Told =
  | readonly ['n']
  | readonly ['b', boolean]
  | readonly ['i' | 'f' | 's' | 'd' | 't', string]
  | readonly ['l' | 'u', readonly Told[]]
  | readonly ['m', readonly (readonly [Told, Told])[]]
  | readonly ['r', number]

export type Act = 'read' | 'yaml' | 'json' | 'minified' | 'repr' | 'text' | 'order'
export type Answer<T> = { readonly ok: T } | { readonly error: string }

const SCRIPT = fileURLToPath(new URL('./oracle.py', import.meta.url))

/** Why Python cannot be asked, or nothing. */
export function whyNoPython(): string | undefined {
  const found = spawnSync('python3', ['-c', 'import yaml; assert yaml.__version__.startswith("6.")'])
  if (found.error !== undefined) return 'python3 is not here'
  return found.status === 0 ? undefined : 'python3 is here without PyYAML 6'
}

/** One process for all requests; the answers come in their order. */
export function askPython<T>(act: Act, requests: readonly unknown[]): readonly Answer<T>[] {
  const input = requests.map((request) => JSON.stringify([act, request])).join('\n')
  const { stdout, stderr, status } = spawnSync('python3', [SCRIPT], {
    input,
    maxBuffer: 2 ** 30,
    env: { ...process.env, PYTHONIOENCODING: 'utf-8', PYTHONHASHSEED: '0' },
  })
  if (status !== 0) throw new Error(`Python ended with ${String(status)}: ${stderr.toString()}`)
  const lines = stdout.toString().trimEnd().split('\n')
  return requests.length === 0 ? [] : lines.map((line) => JSON.parse(line) as Answer<T>)
}

/** Says a value as the script does. */
export function told(value: Value, seen = new Map<object, number>()): Told {
  if (value === null) return ['n']
  if (typeof value === 'boolean') return ['b', value]
  if (typeof value === 'bigint') return ['i', String(value)]
  if (typeof value === 'number') return ['f', floatText(value)]
  if (typeof value === 'string') return ['s', value]
  const number = seen.get(value)
  if (number !== undefined) return ['r', number]
  seen.set(value, seen.size)
  if (value instanceof DateValue) return ['d', value.text]
  if (value instanceof TimeValue) return ['t', value.text]
  if (value instanceof Tuple) return ['u', value.items.map((item) => told(item, seen))]
  if (value instanceof Mapping) {
    return ['m', Array.from(value.entries(), ([key, item]) => [told(key as Key, seen), told(item, seen)] as const)]
  }
  return ['l', value.map((item) => told(item, seen))]
}
