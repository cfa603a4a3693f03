const MAX_SHOWN = 100
const shown = (line: string | undefined): string =>
  line === undefined ? 'nothing' : `"${line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line}"`

/** Where a page first differs from what it would be, in words. */
export function differenceOf(found: string | undefined, wanted: string): string {
  if (found === undefined) return 'it does not exist'
  const [is, shall] = [found.split('\n'), wanted.split('\n')]
  const at = shall.findIndex((line, i) => line !== is[i])
  const line = at === -1 ? shall.length : at
  return `line ${line + 1} is ${shown(is[line])}, and would be ${shown(shall[line])}`
}
