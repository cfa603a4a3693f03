/** A key press in words, as a hotkey is written: `mod+k`, `shift+?`, `g o` (two presses). `mod` is Cmd on a Mac, else Ctrl. */
export function keysOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase()
  const isSign = key.length === 1 && key === event.key.toUpperCase()
  return [
    event.ctrlKey || event.metaKey ? 'mod' : '',
    event.altKey ? 'alt' : '',
    // A sign such as `?` already says that Shift was down.
    event.shiftKey && !isSign ? 'shift' : '',
    key,
  ]
    .filter((part) => part !== '')
    .join('+')
}

/** Whether a press is typing: a hotkey without a modifier leaves it alone. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
}

const isMac = (): boolean => /mac|iphone|ipad/iu.test(navigator.userAgent)
const NAMES: Readonly<Record<string, string>> = {
  shift: 'Shift',
  alt: 'Alt',
  enter: 'Enter',
  escape: 'Esc',
  space: 'Space',
}

/** The keys of a hotkey for people, one text per key; presses after one another are parted by an empty list entry. */
export function labelsOf(keys: string): readonly string[] {
  return keys.split(' ').flatMap((press) =>
    press.split('+').map((key) => {
      if (key === 'mod') return isMac() ? '⌘' : 'Ctrl'
      return NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key)
    }),
  )
}
