// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { memoryStorage, mountKit, press } from '../testing/mount-kit.ts'
import { moveBorder, normalise } from './pane.ts'
import SplitPanes from './SplitPanes.vue'

afterEach(() => document.body.replaceChildren())
const PANES = [
  { name: 'one', label: 'Tree', size: 60, min: 20, hideable: true },
  { name: 'two', label: 'Text', size: 40, min: 30 },
]

async function panes(entries: Record<string, string> = {}) {
  const storage = memoryStorage(entries)
  const { wrapper } = await mountKit(SplitPanes, {
    props: { id: 'p', panes: PANES },
    slots: { one: () => 'ONE', two: () => 'TWO' },
    storage,
  })
  const key = async (name: string) => {
    press(wrapper.get('[role=separator]').element, name)
    await flushPromises()
  }
  const value = () => wrapper.get('[role=separator]').attributes('aria-valuenow')
  const kept = () => JSON.parse(storage.entries.get('kit.panes.p') ?? 'null') as unknown
  return { wrapper, key, value, kept }
}

describe('panes', () => {
  it('have a border with a name and a value that the arrow keys move within the least sizes', async () => {
    const { wrapper, key, value } = await panes()
    expect(wrapper.get('[role=separator]').attributes('aria-label')).toBe('Size of Tree')
    expect(value()).toBe('60')
    await key('ArrowLeft')
    expect(value()).toBe('58')
    await key('End')
    expect(value()).toBe('70')
    await key('Home')
    expect(value()).toBe('20')
  })
  it('remember their sizes', async () => {
    const { key, kept } = await panes()
    await key('ArrowRight')
    expect(kept()).toEqual({ sizes: { one: 62, two: 38 }, hidden: [] })
    const again = await panes({ 'kit.panes.p': JSON.stringify(kept()) })
    expect(again.value()).toBe('62')
  })
  it.each(['', 'nonsense', 'null', '{"sizes":{"one":-4,"two":"x"},"hidden":["two","other"]}'])(
    'stand up to %j in the storage',
    async (text) => {
      const { wrapper } = await panes({ 'kit.panes.p': text })
      expect(wrapper.text()).toBe('ONETWO')
      expect(Number(wrapper.get('[role=separator]').attributes('aria-valuenow'))).toBeGreaterThan(0)
    },
  )
  it('hide with Enter on the border and come back with a button', async () => {
    const { wrapper, key } = await panes()
    await key('Enter')
    expect(wrapper.text()).not.toContain('ONE')
    const back = wrapper.get('button')
    expect(back.attributes('aria-label')).toBe('Show Tree')
    await back.trigger('click')
    expect(wrapper.text()).toBe('ONETWO')
  })
})

describe('moving a border', () => {
  it('keeps the sum and the least sizes, and touches no other pane', () => {
    const share = fc.integer({ min: 10, max: 100 })
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 2, maxLength: 5 }),
        fc.nat(3),
        fc.integer({ min: -200, max: 200 }),
        (sizes, at, delta) => {
          const shares = normalise(sizes)
          const mins = shares.map(() => 5)
          const next = moveBorder(shares, mins, at, delta)
          expect(next.reduce((sum, one) => sum + one, 0)).toBeCloseTo(100)
          next.forEach((one, index) => {
            if (index !== at && index !== at + 1) expect(one).toBe(shares[index])
            expect(one).toBeGreaterThanOrEqual(Math.min(5, shares[index] ?? 0) - 1e-9)
          })
        },
      ),
    )
  })
})
