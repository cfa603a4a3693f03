import { sep } from 'node:path'

/** Whether a path lies inside a folder; both with their links resolved. */
export const isInside = (folder: string, path: string): boolean =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
