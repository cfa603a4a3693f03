const KEY = 'app.reloaded-at'
const AGAIN_AFTER_MS = 30_000

/**
 * Loads the page anew when a part of it is no longer served, because the service was updated while the page was open.
 * Not twice in a row: a part that is missing for another reason shows as a failure.
 */
export function reloadWhenStale(target: Pick<Window, 'addEventListener' | 'sessionStorage'>, reload: () => void): void {
  target.addEventListener('vite:preloadError', (event) => {
    const last = Number(target.sessionStorage.getItem(KEY) ?? 0)
    if (event.timeStamp + performance.timeOrigin - last < AGAIN_AFTER_MS) return
    target.sessionStorage.setItem(KEY, String(event.timeStamp + performance.timeOrigin))
    event.preventDefault()
    reload()
  })
}
