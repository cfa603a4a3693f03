/** How often an address may be decoded by those on the way: by the service, and by one before it that does so too. */
const DECODED = 2

/** The steps of a path, decoded once, empty ones among them; `undefined` where a percent sign does not begin a valid escape. */
export const stepsOf = (path: string): readonly string[] | undefined => decoded(path)?.split(/[/\\]/)

/**
 * A path as the most lenient on the way may read it, to compare with another: decoded more than once, in any case, with `\` for `/`, `..`
 * followed, and without empty steps, parameters of steps, and what an escaped `?`, `#` or zero hides. Never an address to ask for.
 */
export function looselyOf(path: string): string {
  let text = path
  for (let times = 0; times < DECODED; times += 1) text = decoded(text) ?? text
  const [before = ''] = text.toLowerCase().split(/[?#\u0000]/, 1)
  const steps: string[] = []
  for (const each of before.split(/[/\\]/)) {
    const step = (each.split(';', 1)[0] ?? '').trim()
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps.join('/')
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
