const PAGE = 15

/** Where a key leads in a list of `count` rows; `undefined` for a key that does not move. */
export function moveBy(key: string, at: number, count: number): number | undefined {
  const last = count - 1
  const within = (index: number) => Math.max(0, Math.min(last, index))
  switch (key) {
    case 'ArrowDown':
      return within(at + 1)
    case 'ArrowUp':
      return within(at - 1)
    case 'PageDown':
      return within(at + PAGE)
    case 'PageUp':
      return within(at - PAGE)
    case 'Home':
      return within(0)
    case 'End':
      return last
    default:
      return undefined
  }
}

/** Whether an event is meant for a control inside a row, so that the row leaves it alone. */
export function isForControl(event: Event, row: EventTarget | null): boolean {
  const target = event.target
  if (!(target instanceof Element)) return false
  const control = target.closest('a, button, input, select, textarea, label, [role="button"], [contenteditable="true"]')
  return control !== null && control !== row
}
