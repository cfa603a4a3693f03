// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { reloadWhenStale } from './stale-build.ts'

beforeEach(() => sessionStorage.clear())

it('a part that is no longer served loads the page anew, but not twice in a row', () => {
  const reload = vi.fn()
  reloadWhenStale(window, reload)
  const missing = () => new Event('vite:preloadError', { cancelable: true })
  const first = missing()
  window.dispatchEvent(first)
  expect(reload).toHaveBeenCalledTimes(1)
  expect(first.defaultPrevented).toBe(true)
  const second = missing()
  window.dispatchEvent(second)
  expect(reload).toHaveBeenCalledTimes(1)
  expect(second.defaultPrevented).toBe(false)
})
