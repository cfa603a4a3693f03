// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { defineComponent, h, type Ref } from 'vue'
import { mountKit } from '../testing/mount-kit.ts'
import { useUrlState } from './use-url-state.ts'

afterEach(() => document.body.replaceChildren())

async function page(path: string) {
  let filter: Ref<string> | undefined
  let width: Ref<number> | undefined
  const component = defineComponent(() => {
    filter = useUrlState('filter', { default: '' })
    width = useUrlState<number>('width', {
      default: 10,
      parse: (text) => (Number.isInteger(Number(text)) ? Number(text) : undefined),
    })
    return () => h('p', `${filter?.value ?? ''}|${width?.value ?? ''}`)
  })
  const mounted = await mountKit(component, { path })
  if (filter === undefined || width === undefined) throw new Error('the page was not set up')
  return { ...mounted, filter, width }
}

describe('a value in the address', () => {
  it.each([
    ['/', '|10'],
    ['/?filter=ab&width=3', 'ab|3'],
    ['/?width=wide', '|10'],
    ['/?filter=a&filter=b', 'a|10'],
    ['/?filter', '|10'],
  ])('of %s is read as %s', async (path, text) => {
    expect((await page(path)).wrapper.text()).toBe(text)
  })
  it('is written, leaves other keys and the place in the page alone, and goes where it is the default', async () => {
    const { filter, width, router, wrapper } = await page('/?other=1#part')
    filter.value = 'x'
    width.value = 4
    expect(filter.value).toBe('x')
    await flushPromises()
    expect(router.currentRoute.value.fullPath).toBe('/?other=1&filter=x&width=4#part')
    expect(wrapper.text()).toBe('x|4')
    width.value = 10
    await flushPromises()
    expect(router.currentRoute.value.fullPath).toBe('/?other=1&filter=x#part')
  })
  it('counts from when it was set: a second change while the address still follows loses nothing of the first', async () => {
    const { filter, width, router, wrapper } = await page('/')
    const waiting: (() => void)[] = []
    router.beforeEach(() => new Promise<void>((pass) => waiting.push(pass)))
    filter.value = 'x'
    await flushPromises()
    expect(wrapper.text(), 'shown before the address has it').toBe('x|10')
    width.value = 4
    await flushPromises()
    expect(wrapper.text()).toBe('x|4')
    for (const pass of waiting) pass()
    await flushPromises()
    expect(router.currentRoute.value.fullPath).toBe('/?filter=x&width=4')
    expect(wrapper.text()).toBe('x|4')
  })
  it('gives way to an address that somebody went to meanwhile', async () => {
    const { filter, router, wrapper } = await page('/')
    const waiting: (() => void)[] = []
    const stop = router.beforeEach(() => new Promise<void>((pass) => waiting.push(pass)))
    filter.value = 'x'
    await flushPromises()
    stop()
    await router.push('/?filter=elsewhere')
    for (const pass of waiting) pass()
    await flushPromises()
    expect(wrapper.text()).toBe('elsewhere|10')
  })
  it('follows the address', async () => {
    const { router, wrapper } = await page('/?filter=a')
    await router.push('/?filter=b')
    await flushPromises()
    expect(wrapper.text()).toBe('b|10')
  })
})
