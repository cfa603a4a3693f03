/** Whether a server of this version came before a release. One that cannot be read counts as new. */
export const isBefore = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [a = 0, b = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  return a < major || (a === major && b < minor)
}
