/** Puts a text on the clipboard; false where the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  // Without a secure origin there is no clipboard, whatever the types say.
  const clipboard: Clipboard | undefined = navigator.clipboard
  try {
    if (clipboard === undefined) return copyBySelection(text)
    await clipboard.writeText(text)
    return true
  } catch {
    // Refused: the old way may still be allowed.
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea')
  const before = document.activeElement
  field.value = text
  field.className = 'kit-hidden'
  // Inside an open dialog nothing outside of it can take the focus.
  const host = document.querySelector('dialog[open]') ?? document.body
  host.append(field)
  field.select()
  const isDone = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus()
  return isDone
}
