import { describe, expect, it } from 'vitest'
import { checkLines, facts, filterItems } from './settings-view.ts'

const items = [
  { name: 'API_PORT', value: '8081', from: 'default' as const },
  { name: 'MONGO_CONNECTION_STRING', value: 'secret', from: 'environment' as const },
]
const capabilities = {
  title: 'Stage0',
  version: '0.1.0',
  built_at: '',
  mode: 'local' as const,
  mode_reason: 'BUILT_AT says Local',
  environment: 'local',
  database: 'demo',
  deployment: 'embedded',
  load_test_data: false,
  edit_files: { allowed: false },
  run: { allowed: true },
  drop_database: { allowed: false, reason: 'not enabled' },
  auth: { mode: 'none', user: 'admin', roles: ['admin'] },
}

describe('settings', () => {
  it('are found by name, value and source', () => {
    expect(filterItems(items, 'ENVIRONMENT mongo').map(({ name }) => name)).toEqual(['MONGO_CONNECTION_STRING'])
    expect(filterItems(items, '80')).toHaveLength(1)
    expect(filterItems(items, '')).toHaveLength(2)
  })

  it('say what the service knows of itself, and nothing it does not', () => {
    const keys = facts({ capabilities }).map(({ key }) => key)
    expect(keys).not.toContain('server')
    expect(keys).not.toContain('builtAt')
    expect(facts({ capabilities })).toContainEqual({ key: 'mode', value: 'local: BUILT_AT says Local' })
  })

  it('say which check fails, in the words of the service', () => {
    const lines = checkLines({ status: 'not ready', checks: [{ name: 'database', ok: false, text: 'no answer' }] })
    expect(lines).toEqual([{ name: 'database', mark: { kind: 'error', label: 'Database' }, text: 'no answer' }])
  })
})
