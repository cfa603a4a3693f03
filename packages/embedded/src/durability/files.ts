/** What the data folder needs of a file system. A port, so that tests can let a disk fill up, fail or stop in the middle. */
export interface Files {
  /** Names in a folder; undefined where it does not exist. */
  list(folder: string): readonly string[] | undefined
  makeFolder(path: string): void
  /** A whole small file; undefined where it does not exist. */
  readText(path: string): string | undefined
  open(path: string): InputFile
  /** Opens a log for appending; makes it when it does not exist. */
  openLog(path: string): LogFile
  /** Makes a file anew. Throws where it cannot. */
  create(path: string): Promise<OutputFile>
  /** Makes a file with this content in one step, or returns `false` where something has that name. */
  claim(path: string, text: string): boolean
  rename(from: string, to: string): void
  /** Removes a file, or a folder with all that is in it. What does not exist is no error. */
  remove(path: string): void
  /** Makes the names of a folder survive a loss of power. */
  syncFolder(path: string): void
}

export interface InputFile {
  readonly size: number
  /** The bytes from `at` on: `length` of them, fewer only at the end of the file. */
  read(at: number, length: number): Uint8Array
  close(): void
}

/** Appending is synchronous: a command either is in the file when it is answered, or it fails. */
export interface LogFile {
  readonly size: number
  /** Writes everything or throws; what was written in part is then for `truncate`. */
  append(parts: readonly Uint8Array[]): void
  truncate(size: number): void
  /** Resolves when everything appended so far is on the disk. */
  sync(): Promise<void>
  syncNow(): void
  close(): void
}

export interface OutputFile {
  write(parts: readonly Uint8Array[]): Promise<void>
  /** Puts everything on the disk and closes. */
  finish(): Promise<void>
  /** Closes without a promise about the content: it is thrown away. */
  abandon(): Promise<void>
}
