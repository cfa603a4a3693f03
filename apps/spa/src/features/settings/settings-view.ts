import type { Capabilities, ConfigItem, Readiness } from '@stage0/types'
import type { Static } from 'typebox'
import type { Mark } from '../../shared/marks.ts'

type Item = Static<typeof ConfigItem>

/** Items whose name, value or source has every word of the query. */
export function filterItems(items: readonly Item[], query: string): readonly Item[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return items.filter(({ name, value, from }) => {
    const text = `${name} ${value} ${from}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** What the service says of itself, as pairs; what it does not know yet is left out. */
export function facts({ capabilities: of }: { readonly capabilities: Static<typeof Capabilities> }) {
  const all = {
    environment: of.environment,
    database: of.database,
    deployment: of.deployment,
    server: of.server,
    mode: of.mode_reason === '' ? of.mode : `${of.mode}: ${of.mode_reason}`,
    version: of.version,
    builtAt: of.built_at,
    user: of.auth.user === '' ? undefined : `${of.auth.user} (${of.auth.roles.join(', ')})`,
  }
  return Object.entries(all).flatMap(([key, value]) => (value === undefined || value === '' ? [] : [{ key, value }]))
}

/** A check of readiness as a mark. */
export const checkLines = ({
  checks,
}: Readiness): readonly { readonly name: string; readonly mark: Mark; readonly text: string }[] =>
  checks.map(({ name, ok, text }) => ({
    name,
    mark: { kind: ok ? 'success' : 'error', label: name.charAt(0).toUpperCase() + name.slice(1) },
    text,
  }))
