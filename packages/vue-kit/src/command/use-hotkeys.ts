import { onScopeDispose } from 'vue'
import { isTyping, keysOf } from './keys.ts'

type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => unknown>>

// The newest registration wins: a page may take a key from the frame, a dialog from the page.
const layers: Hotkeys[] = []
let first: { readonly keys: string; readonly at: number } | undefined
const SECOND_WITHIN_MS = 1200

function listen(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const keys = keysOf(event)
  if (isTyping(event.target) && !keys.startsWith('mod+') && !keys.startsWith('alt+')) return
  // A page under an open dialog is out of reach, for keys as well.
  const isUnderDialog = document.querySelector('dialog[open]') !== null && !keys.startsWith('mod+')
  if (isUnderDialog) return
  const pair =
    first !== undefined && event.timeStamp - first.at < SECOND_WITHIN_MS ? `${first.keys} ${keys}` : undefined
  first = { keys, at: event.timeStamp }
  for (const layer of [...layers].reverse()) {
    const act = (pair === undefined ? undefined : layer[pair]) ?? layer[keys]
    if (act === undefined) continue
    event.preventDefault()
    first = undefined
    act(event)
    return
  }
}

/**
 * Acts on keys as long as the component lives. Keys are written as in `keysOf`: `mod+k`, `?`, `g o`. A key without Ctrl,
 * Cmd or Alt does nothing while somebody types.
 */
export function useHotkeys(hotkeys: Hotkeys): void {
  if (layers.length === 0) window.addEventListener('keydown', listen)
  layers.push(hotkeys)
  onScopeDispose(() => {
    layers.splice(layers.indexOf(hotkeys), 1)
    if (layers.length === 0) window.removeEventListener('keydown', listen)
  })
}
