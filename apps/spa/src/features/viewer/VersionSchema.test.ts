// @vitest-environment happy-dom
import { AppError } from '@stage0/vue-kit'
import type { VersionDetail } from '@stage0/types'
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isReactive } from 'vue'
import { api } from '../../shared/api.ts'
import LibrarySchema from './LibrarySchema.vue'
import SchemaViewer from './SchemaViewer.vue'
import { mountAt } from './testing/mount-viewer.ts'
import { nodesOf, SAMPLE } from './testing/nodes.ts'
import VersionRendered from './VersionRendered.vue'
import VersionSchema from './VersionSchema.vue'

const TEXT = '{\n  "properties": {\n    "_id": {}\n  }\n}\n'

const versionWith = (more: Partial<VersionDetail>): VersionDetail => ({
  collection: 'user',
  summary: { version: '1.1.0.2', written: '1.1.0', locked: false, state: 'pending' },
  validation: { level: 'moderate', action: 'error' },
  nodes: SAMPLE,
  removed: [],
  steps: [],
  indexes: [],
  migrations: [],
  uses: [],
  problems: [],
  ...more,
})

let mounted: VueWrapper | undefined
afterEach(() => {
  mounted?.unmount()
  vi.restoreAllMocks()
})

async function page(component: unknown, props: Record<string, unknown> = { name: 'user', version: '1.1.0.2' }) {
  const { wrapper } = await mountAt('/', component as never, props)
  mounted = wrapper
  await flushPromises()
  return wrapper
}

describe('the schema of a version', () => {
  it('of 500 properties is asked for with two requests', async () => {
    const inside = Array.from({ length: 500 }, (_, i) => ({ name: `p${i}` }))
    const version = vi
      .spyOn(api, 'version')
      .mockResolvedValue(versionWith({ nodes: nodesOf({ kind: 'object', inside }) }))
    const rendered = vi.spyOn(api, 'rendered').mockResolvedValue(TEXT)
    const wrapper = await page(VersionSchema)
    expect(wrapper.find('[role=treegrid]').attributes('aria-rowcount')).toBe('502')
    // What is reactive is followed property by property: too slow for thousands.
    expect(isReactive(wrapper.findComponent(SchemaViewer).props('nodes'))).toBe(false)
    expect(version).toHaveBeenCalledTimes(1)
    expect(rendered.mock.calls.map(([as, name, asked]) => [as, name, asked])).toEqual([
      ['bson_schema', 'user', '1.1.0.2'],
    ])
  })

  it('that could not be fetched says why, and is there after another try', async () => {
    const gone = new AppError({ kind: 'timeout', code: 'TIMEOUT', status: 0, title: 'No answer in time' })
    const version = vi.spyOn(api, 'version').mockRejectedValueOnce(gone).mockResolvedValue(versionWith({}))
    vi.spyOn(api, 'rendered').mockResolvedValue(TEXT)
    const wrapper = await page(VersionSchema)
    expect(wrapper.find('[role=alert]').text()).toContain('No answer in time')
    await wrapper.find('[role=alert] button').trigger('click')
    await flushPromises()
    expect(version).toHaveBeenCalledTimes(2)
    expect(wrapper.find('[role=treegrid]').exists()).toBe(true)
  })

  it('whose text could not be fetched is still there as a tree', async () => {
    const away = new AppError({ kind: 'offline', code: 'OFFLINE', status: 0, title: 'No connection' })
    vi.spyOn(api, 'version').mockResolvedValue(versionWith({}))
    vi.spyOn(api, 'rendered').mockRejectedValueOnce(away).mockResolvedValue(TEXT)
    const wrapper = await page(VersionSchema)
    expect(wrapper.find('[role=treegrid]').exists()).toBe(true)
    expect(wrapper.find('.rendered [role=alert]').text()).toContain('No connection')
    await wrapper.find('.rendered [role=alert] button').trigger('click')
    await flushPromises()
    expect(wrapper.find('.text-viewer').text()).toContain('"properties"')
  })

  it('that cannot be rendered offers no other try', async () => {
    const code = 'SCHEMA_NOT_RENDERED'
    vi.spyOn(api, 'version').mockResolvedValue(versionWith({}))
    vi.spyOn(api, 'rendered').mockRejectedValue(
      new AppError({ kind: 'problem', code, status: 422, title: 'No schema' }),
    )
    const wrapper = await page(VersionSchema)
    expect(wrapper.find('.rendered').text()).toContain('Cannot be rendered')
    expect(wrapper.find('[role=alert]').exists()).toBe(false)
  })
})

it('the rendered schemas of a version stand side by side', async () => {
  vi.spyOn(api, 'version').mockResolvedValue(versionWith({}))
  const rendered = vi.spyOn(api, 'rendered').mockResolvedValue(TEXT)
  const wrapper = await page(VersionRendered)
  expect(wrapper.findAll('.text-viewer')).toHaveLength(2)
  expect(rendered.mock.calls.map(([as]) => as).toSorted()).toEqual(['bson_schema', 'json_schema'])
})

it('a type comes with its texts, and is validated against only if it is one of documents', async () => {
  const nodes = nodesOf({ kind: 'simple', bson_type: 'string' })
  vi.spyOn(api, 'schema').mockResolvedValue({
    title: 'slug',
    file: 'types/slug.yaml',
    nodes,
    removed: [],
    json: TEXT,
    bson: TEXT,
    problems: [],
  })
  const wrapper = await page(LibrarySchema, { kind: 'types', fileName: 'slug.yaml' })
  expect(wrapper.find('.name').text()).toBe('slug')
  expect(wrapper.find('.text-viewer').text()).toContain('"properties"')
  expect(wrapper.text()).not.toContain('Validate')
})
