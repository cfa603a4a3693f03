import type { Files, OutputFile } from './files.ts'

/** Makes a file that is wholly on the disk, or throws and leaves no handle open. */
export async function writeFile<T>(files: Files, path: string, write: (file: OutputFile) => Promise<T>): Promise<T> {
  const file = await files.create(path)
  try {
    const result = await write(file)
    await file.finish()
    return result
  } catch (error) {
    await file.abandon()
    throw error
  }
}
