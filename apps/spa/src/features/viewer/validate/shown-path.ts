const IDENTIFIER = /^[A-Za-z_$][\w$-]*$/

/** A path in a document as people write it: `address.lines[2]`, `labels["a.b"]`; "" is the document itself. */
export function shownPath(path: readonly (string | number)[]): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (!IDENTIFIER.test(step)) text += `[${JSON.stringify(step)}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}
