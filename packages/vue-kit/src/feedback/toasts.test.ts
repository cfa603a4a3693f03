// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mountKit } from '../testing/mount-kit.ts'
import ToastHost from './ToastHost.vue'
import { useToasts } from './toasts.ts'

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
})
afterEach(() => {
  vi.useRealTimers()
  document.body.replaceChildren()
})
const texts = (items: readonly { text: string }[]) => items.map(({ text }) => text)

describe('toasts', () => {
  it('shows at most three and keeps all, the newest first', () => {
    const toasts = useToasts()
    for (const text of ['a', 'b', 'c', 'd']) toasts.show({ kind: 'info', text })
    expect(texts(toasts.items)).toEqual(['b', 'c', 'd'])
    expect(texts(toasts.history)).toEqual(['d', 'c', 'b', 'a'])
    expect(toasts.unseen).toBe(4)
    toasts.markSeen()
    expect(toasts.unseen).toBe(0)
  })
  it('keeps the newest hundred', () => {
    const toasts = useToasts()
    for (let at = 0; at < 130; at += 1) toasts.show({ kind: 'info', text: String(at) })
    expect(toasts.history).toHaveLength(100)
    expect(toasts.history[0]?.text).toBe('129')
  })
  it('replaces the message of the same key, on screen and in the list', () => {
    const toasts = useToasts()
    toasts.show({ kind: 'info', text: 'started', key: 'run' })
    toasts.show({ kind: 'success', text: 'other' })
    toasts.show({ kind: 'success', text: 'finished', key: 'run' })
    expect(texts(toasts.items)).toEqual(['other', 'finished'])
    expect(texts(toasts.history)).toEqual(['finished', 'other'])
  })
  it('leaves after its time, later with an action, never where it is an error or sticky', () => {
    const toasts = useToasts()
    toasts.show({ kind: 'success', text: 'short' })
    toasts.show({ kind: 'success', text: 'undo', action: { label: 'Undo', run: () => undefined } })
    toasts.show({ kind: 'error', text: 'failed' })
    vi.advanceTimersByTime(6000)
    expect(texts(toasts.items)).toEqual(['undo', 'failed'])
    vi.advanceTimersByTime(4000)
    expect(texts(toasts.items)).toEqual(['failed'])
    vi.advanceTimersByTime(1e9)
    expect(texts(toasts.items)).toEqual(['failed'])
  })
  it('stays while the pointer is on it', () => {
    const toasts = useToasts()
    toasts.show({ kind: 'info', text: 'read me' })
    toasts.keep(true)
    vi.advanceTimersByTime(60_000)
    expect(texts(toasts.items)).toEqual(['read me'])
    toasts.keep(false)
    vi.advanceTimersByTime(6000)
    expect(toasts.items).toEqual([])
  })
  it('is said: a failure at once, everything else in its turn', () => {
    const toasts = useToasts()
    toasts.show({ kind: 'success', text: 'Renamed' })
    toasts.show({ kind: 'error', text: 'Run failed', detail: 'at step 3' })
    expect(document.querySelector('[aria-live="polite"]')?.textContent).toBe('Renamed')
    expect(document.querySelector('[aria-live="assertive"]')?.textContent).toBe('Run failed. at step 3')
  })
  it('changes in place when another takes its key: nothing stands twice while it goes', async () => {
    const { wrapper } = await mountKit(ToastHost)
    const toasts = useToasts()
    toasts.show({ kind: 'info', text: 'started', key: 'run' })
    await vi.advanceTimersByTimeAsync(0)
    const { element } = wrapper.get('li')
    toasts.show({ kind: 'success', text: 'finished', key: 'run' })
    await vi.advanceTimersByTimeAsync(0)
    expect(wrapper.findAll('li').map((item) => item.element)).toEqual([element])
    expect(wrapper.get('li').text()).toContain('finished')
    wrapper.unmount()
  })
  it('is gone for keys and readers from the moment it leaves, and holds no focus', async () => {
    const { wrapper } = await mountKit(ToastHost, { transitions: true })
    const toasts = useToasts()
    const id = toasts.show({ kind: 'info', text: 'started', action: { label: 'Watch', run: vi.fn() } })
    await vi.advanceTimersByTimeAsync(0)
    const item = wrapper.get('li').element
    item.querySelector<HTMLElement>('.message-action')?.focus()
    toasts.dismiss(id)
    await vi.advanceTimersByTimeAsync(0)
    expect(item.getAttribute('aria-hidden')).toBe('true')
    expect(item.hasAttribute('inert')).toBe(true)
    expect(document.activeElement).toBe(document.body)
    wrapper.unmount()
  })
  it('runs its action once and goes', async () => {
    const { wrapper } = await mountKit(ToastHost)
    const run = vi.fn()
    const toasts = useToasts()
    toasts.show({ kind: 'success', text: 'Renamed', action: { label: 'Undo', run } })
    await vi.advanceTimersByTimeAsync(0)
    await wrapper.get('.message-action').trigger('click')
    expect(run).toHaveBeenCalledOnce()
    expect(toasts.items).toEqual([])
    wrapper.unmount()
  })
})
