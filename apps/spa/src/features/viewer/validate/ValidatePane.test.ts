// @vitest-environment happy-dom
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { useToasts } from '@stage0/vue-kit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mountAt } from '../testing/mount-viewer.ts'
import { SAMPLE } from '../testing/nodes.ts'
import { schemaTree } from '../tree/schema-tree.ts'
import { answerOf } from './answer.ts'
import type { CheckRequest } from './messages.ts'
import ValidatePane from './ValidatePane.vue'

const SCHEMA = JSON.stringify({
  bsonType: 'object',
  properties: { address: { bsonType: 'object', properties: { city: { bsonType: 'string' } } } },
  required: ['address'],
})

/** A thread that is none: it answers as the real one does, a turn later. */
class InProcessWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null
  onerror: ((event: { message: string }) => void) | null = null
  constructor() {
    queueMicrotask(() => this.onmessage?.({ data: 'ready' }))
  }
  postMessage(request: CheckRequest): void {
    queueMicrotask(() => this.onmessage?.({ data: answerOf(request) }))
  }
  terminate(): void {
    this.onmessage = null
  }
}

let mounted: VueWrapper | undefined
beforeEach(() => {
  sessionStorage.clear()
  vi.stubGlobal('Worker', InProcessWorker)
})
afterEach(() => {
  mounted?.unmount()
  vi.unstubAllGlobals()
})

async function pane(props: Record<string, unknown> = {}) {
  const { wrapper } = await mountAt('/', ValidatePane, {
    tree: schemaTree(SAMPLE),
    rendered: { text: SCHEMA },
    draft: 'user',
    ...props,
  })
  mounted = wrapper
  const area = wrapper.find('textarea')
  const press = async (label: string): Promise<void> => {
    await wrapper
      .findAll('button')
      .find((button) => button.text() === label)!
      .trigger('click')
    await flushPromises()
  }
  return { wrapper, area, press, typed: () => (area.element as HTMLTextAreaElement).value }
}

describe('validating what was pasted', () => {
  it('says that a document is valid', async () => {
    const { wrapper, area, press } = await pane()
    await area.setValue('{"_id": 1, "address": {"city": "Oslo"}}')
    await press('Validate')
    expect(wrapper.find('.result').text()).toContain('Valid: the BSON schema accepts the document')
  })

  it('leads from a finding to its line and to its property', async () => {
    const onSelect = vi.fn()
    const { wrapper, area, press } = await pane({ onSelect })
    await area.setValue('[{"_id": 1, "address": {}},\n {"_id": 2,\n "address": {\n "city": 5}}]')
    await press('Validate')
    expect(wrapper.find('.result').text()).toContain('The BSON schema refuses 1 of 2 documents')
    expect(wrapper.find('.finding').text()).toContain('should be of type "string"')
    await wrapper.find('.finding button').trigger('click')
    expect(onSelect).toHaveBeenCalledWith(schemaTree(SAMPLE).positions.get('/address/city'))
    const { value, selectionStart, selectionEnd } = area.element as HTMLTextAreaElement
    expect(value.slice(selectionStart, selectionEnd)).toBe(' "city": 5}}]')
  })

  it('says that the text has changed since', async () => {
    const { wrapper, area, press } = await pane()
    await area.setValue('{"_id": 1, "address": {}}')
    await press('Validate')
    expect(wrapper.text()).not.toContain('has changed since')
    await area.setValue('{"_id": 1}')
    expect(wrapper.text()).toContain('The text has changed since it was checked.')
  })

  it('C-09 no failure takes what was typed away: text that cannot be read, a thread that breaks, a reload', async () => {
    const first = await pane()
    await first.area.setValue('{"_id": 1,')
    await first.press('Validate')
    expect(first.wrapper.find('.result').text()).toContain('Line 1, column 11 cannot be read')
    expect(first.typed()).toBe('{"_id": 1,')
    first.wrapper.unmount()

    vi.stubGlobal('Worker', undefined)
    const again = await pane()
    expect(again.typed()).toBe('{"_id": 1,')
    await again.press('Validate')
    expect(again.wrapper.find('.result').text()).toContain('The check could not be run')
    expect(again.typed()).toBe('{"_id": 1,')
  })

  it('inserts an example that is valid, and what it replaced comes back', async () => {
    const { wrapper, area, press, typed } = await pane()
    await area.setValue('mine')
    await press('Insert example')
    expect(JSON.parse(typed())).toEqual({ address: { city: 'text' } })
    expect(wrapper.find('.result').text()).toContain('Valid')
    await useToasts().items[0]!.action!.run!()
    await flushPromises()
    expect(typed()).toBe('mine')
  })

  it('says why nothing can be validated against a schema that cannot be rendered', async () => {
    const { wrapper } = await pane({ rendered: undefined })
    expect(wrapper.text()).toContain('Cannot be rendered')
  })
})
