import type { DataView, Problem } from '@stage0/types'
import type { DataFile } from '../model/model.ts'

/** Above this many bytes the text is left out: the file itself can be read. */
const MAX_TEXT_CHARACTERS = 256 * 1024

/** @param path Where the file would be, for one that cannot be used. */
export function dataView(
  fileName: string,
  path: string,
  file: DataFile | undefined,
  problems: readonly Problem[],
): DataView {
  const text = file?.at.file.text
  return {
    file_name: fileName,
    path,
    items: file?.items.length ?? 0,
    ...(text !== undefined && text.length <= MAX_TEXT_CHARACTERS && { text }),
    broken: file === undefined,
    problems: problems.filter((one) => one.file === path),
  }
}
