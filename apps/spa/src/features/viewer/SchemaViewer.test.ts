// @vitest-environment happy-dom
import { DownloadButton, TextViewer } from '@stage0/vue-kit'
import { flushPromises, type DOMWrapper, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import SchemaViewer from './SchemaViewer.vue'
import { mountAt } from './testing/mount-viewer.ts'
import { nodesOf, SAMPLE } from './testing/nodes.ts'

const BSON = JSON.stringify(
  {
    bsonType: 'object',
    properties: {
      _id: { bsonType: 'objectId' },
      address: { bsonType: 'object', properties: { city: { bsonType: 'string' } } },
      status: { enum: ['active', 'old'] },
    },
  },
  null,
  2,
)

let mounted: VueWrapper | undefined
afterEach(() => {
  mounted?.unmount()
  document.body.replaceChildren()
})

async function viewer(path = '/', props: Record<string, unknown> = {}) {
  const onWant = vi.fn()
  const { wrapper, router } = await mountAt(path, SchemaViewer, {
    nodes: SAMPLE,
    removed: [],
    problems: [],
    owner: { name: 'user', version: '1.1.0.2' },
    texts: { bson: { text: BSON }, json: { text: BSON } },
    enumerators: 2,
    onWant,
    ...props,
  })
  mounted = wrapper
  await flushPromises()
  return { wrapper, router, onWant }
}
const rows = (wrapper: VueWrapper): DOMWrapper<Element>[] => wrapper.findAll('[role=row][aria-level]')
const rowOf = (wrapper: VueWrapper, name: string): DOMWrapper<Element> =>
  rows(wrapper).find((row) => row.find('.name').text() === name)!
const details = (wrapper: VueWrapper): string => wrapper.find('.inspector').text()
const press = (wrapper: VueWrapper, label: string): Promise<void> =>
  wrapper
    .findAll('button')
    .find((button) => button.text() === label || button.attributes('aria-label') === label)!
    .trigger('click')

describe('the tree', () => {
  it('shows kinds, what is required, changes and problems in words', async () => {
    const { wrapper } = await viewer()
    expect(rowOf(wrapper, '_id').text()).toContain('required')
    expect(rowOf(wrapper, '_id').text()).toContain('identifier')
    expect(rowOf(wrapper, 'status').text()).toContain('added')
    expect(rowOf(wrapper, 'status').text()).toContain('Problem: The value "old" is not there any more')
    expect(rowOf(wrapper, 'city').attributes('aria-level')).toBe('3')
  })

  it('links a shared schema that is shown in place to its file, and an enumeration to its pinned version', async () => {
    const { wrapper } = await viewer('/?node=/address')
    expect(wrapper.find('.inspector a').attributes('href')).toBe('/schemas/address')
    expect(rowOf(wrapper, 'status').find('a').attributes('href')).toBe('/enumerators/2/user_status')
  })

  it('lists what the version before had', async () => {
    const { wrapper } = await viewer('/', { removed: ['/nick', '/address/zip'], previous: '1.0.0.1' })
    expect(wrapper.find('.removed').text()).toContain('2 properties removed since 1.0.0.1')
    expect(wrapper.findAll('.removed li').map((item) => item.text())).toEqual(['/nick', '/address/zip'])
  })

  it('keeps what is above a match when it is filtered, and has the filter in the address', async () => {
    const { wrapper, router } = await viewer()
    await wrapper.find('input[type=search]').setValue('40 characters')
    await flushPromises()
    expect(rows(wrapper).map((row) => row.find('.name').text())).toEqual(['user', 'address', 'city'])
    expect(router.currentRoute.value.query['filter']).toBe('40 characters')
  })

  it('opens and closes everything', async () => {
    const { wrapper } = await viewer()
    await press(wrapper, 'Collapse all')
    expect(rows(wrapper)).toHaveLength(5)
    await press(wrapper, 'Expand all')
    expect(rows(wrapper)).toHaveLength(SAMPLE.length)
  })
})

describe('the selection', () => {
  it('is in the address, in the details and in the text', async () => {
    const { wrapper, router } = await viewer()
    await rowOf(wrapper, 'city').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.query['node']).toBe('/address/city')
    expect(details(wrapper)).toContain('at most 40 characters')
    expect(details(wrapper)).toContain('address.yaml:4')
    const marked = wrapper.findAll('.highlighted').map((line) => line.text())
    expect(marked[0]).toContain('"city"')
    expect(marked).toHaveLength(3)
  })

  it('follows a line of the text', async () => {
    const { wrapper, router } = await viewer()
    const line = BSON.split('\n').findIndex((text) => text.includes('"objectId"')) + 1
    wrapper.findComponent(TextViewer).vm.$emit('cursor', line)
    await flushPromises()
    expect(router.currentRoute.value.query['node']).toBe('/_id')
    expect(rowOf(wrapper, '_id').attributes('aria-selected')).toBe('true')
  })

  it('of an address is opened, however deep it is', async () => {
    const { wrapper } = await viewer('/?node=/tags/[]/<2>/label')
    expect(rowOf(wrapper, 'label').attributes('aria-selected')).toBe('true')
    expect(details(wrapper)).toContain('tags')
  })

  it('of an address that means nothing is said to be unknown', async () => {
    const { wrapper } = await viewer('/?node=/gone')
    expect(wrapper.text()).toContain('There is no property /gone in this schema')
  })

  it('C-15 of an enumeration shows the values of the pinned version, with descriptions and what is deprecated', async () => {
    const { wrapper } = await viewer('/?node=/status')
    expect(wrapper.find('.values caption').text()).toContain('of enumerators version 2')
    expect(wrapper.findAll('.values tbody tr').map((row) => row.text().replaceAll(/\s+/g, ' '))).toEqual([
      'active May sign in',
      'olddeprecated Was renamed',
    ])
  })
})

describe('the texts', () => {
  it('are asked for when they are first shown', async () => {
    const { wrapper, onWant } = await viewer()
    expect(onWant.mock.calls).toEqual([[['bson']]])
    await press(wrapper, 'Both')
    await flushPromises()
    expect(onWant.mock.lastCall).toEqual([['json', 'bson']])
    expect(wrapper.findAllComponents(TextViewer)).toHaveLength(2)
  })

  it('are not asked for while their pane is hidden', async () => {
    const { wrapper, onWant } = await viewer()
    await press(wrapper, 'Rendered schema')
    await press(wrapper, 'Details')
    expect(onWant).toHaveBeenCalledTimes(1)
    expect(wrapper.findComponent(TextViewer).exists()).toBe(false)
  })

  it('C-16 are saved under the version that was asked for', async () => {
    const { wrapper } = await viewer('/?view=both')
    expect(wrapper.findAllComponents(DownloadButton).map((button) => button.props('fileName'))).toEqual([
      'user.1.1.0.2.json_schema.json',
      'user.1.1.0.2.bson_schema.json',
    ])
  })

  it('that cannot be rendered leave the tree, with the problems on top', async () => {
    const problem = { code: 'TYPE_UNKNOWN', severity: 'error', text: 'there is no type "wrod"' }
    const { wrapper } = await viewer('/', { texts: {}, problems: [problem] })
    expect(wrapper.find('.problems').text()).toContain('there is no type "wrod"')
    expect(wrapper.text()).toContain('Cannot be rendered')
    expect(rows(wrapper).length).toBeGreaterThan(5)
  })
})

describe('the viewer', () => {
  it('says so where there is nothing to show', async () => {
    const { wrapper } = await viewer('/', { nodes: [] })
    expect(wrapper.text()).toContain('No properties to show')
  })

  it('does not offer to validate documents against what is no document', async () => {
    const { wrapper } = await viewer('/?view=validate', { canValidate: false })
    expect(wrapper.find('textarea').exists()).toBe(false)
    expect(wrapper.findComponent(TextViewer).exists()).toBe(true)
  })

  it('keeps few rows of 2,000 properties in the document', async () => {
    const inside = Array.from({ length: 2_000 }, (_, i) => ({ name: `p${i}` }))
    const { wrapper } = await viewer('/', { nodes: nodesOf({ kind: 'object', inside }) })
    expect(rows(wrapper).length).toBeLessThan(100)
    expect(wrapper.find('[role=treegrid]').attributes('aria-rowcount')).toBe('2002')
  })

  it('shows one pane at a time where there is no room for three', async () => {
    const { happyDOM } = window as unknown as { happyDOM: { setViewport(size: { width: number }): void } }
    happyDOM.setViewport({ width: 390 })
    try {
      const { wrapper, onWant } = await viewer()
      const visible = () =>
        wrapper
          .findAll('.single')
          .filter((pane) => pane.isVisible())
          .map((pane) => pane.attributes('aria-label'))
      expect(visible()).toEqual(['Properties'])
      expect(onWant).not.toHaveBeenCalled()
      await press(wrapper, 'Rendered schema')
      expect(visible()).toEqual(['Rendered schema'])
      expect(onWant).toHaveBeenCalledTimes(1)
    } finally {
      happyDOM.setViewport({ width: 1024 })
    }
  })
})
