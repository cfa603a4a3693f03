/** The part of a version that is as in another one, and the rest that is not; parts are parted by dots. */
export function splitVersion(
  version: string,
  compareTo: string | undefined,
): { readonly same: string; readonly changed: string } {
  if (compareTo === undefined || compareTo === version) return { same: version, changed: '' }
  const parts = version.split('.')
  const others = compareTo.split('.')
  const at = parts.findIndex((part, index) => part !== others[index])
  if (at < 0) return { same: version, changed: '' }
  return {
    same: parts
      .slice(0, at)
      .map((part) => `${part}.`)
      .join(''),
    changed: parts.slice(at).join('.'),
  }
}
